"""SMS about orders: short, without names or goods, since others read a phone's screen."""

from uuid import UUID

from jobs.registry import job, ran_before
from models.crash import point
from models.order_view import read_contact
from server.context import Context
from server.integrations.sms import SmsProvider

ORDER_PAID = "{site}: order {number} is confirmed. {url}"


@job("sms.order_paid")
async def confirm_order(context: Context, ids: dict[str, str]) -> None:
    buyer = await read_contact(UUID(ids["order_id"]), keyring=context.keyring)
    site = context.settings.site
    provider: SmsProvider = context.sms
    text = ORDER_PAID.format(site=site.name, number=buyer.number, url=f"{site.base_url}/orders/{buyer.number}")
    point("sms.before_send")
    await provider.send(buyer.phone, text, again=ran_before())
    point("sms.after_send")
