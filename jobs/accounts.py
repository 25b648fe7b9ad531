"""Mails and codes about an account: links that prove an address, and a word about whatever was changed in it.

Whether an address has an account is found out here, never where somebody asked. Texts name no goods and no password.
"""

from uuid import UUID

from jobs.registry import job, scheduled
from models.credentials import read_old_mail
from models.links import Link, drop_dead_links, read_link
from models.otp import drop_old_challenges, read_challenge
from models.people import read_standing
from models.sign_in import Person, find_credentials, find_person, person_of_session
from models.social import PROVIDERS
from server.auth import forget_session
from server.context import Context

CODE_SMS = "{code} is your code for {site}. It works once, for 10 minutes. Give it to nobody."
SECURITY = "If this was not you, choose a new password at once: that ends every log-in."


@job("mail.registration")
async def finish_registering(context: Context, ids: dict[str, str]) -> None:
    """Whoever has an account already is told so, in place of a second one. No name: it may be anybody's words."""
    link = await read_link(context.keyring, UUID(ids["link_id"]))
    if link is None:
        return
    site, key = context.settings.site, f"registration:{link.id}:{ids['number']}"
    if await find_credentials(context.keyring, link.email):
        lines = (
            f"Somebody wanted to make an account at {site.name} with this address. You have one already.",
            "Sign in, or choose a new password if you forgot the old one. If it was not you, there is nothing to do.",
        )
        await _send(context, link.email, key, "You have an account already", lines, url="/login", label="Sign in")
        return
    lines = (
        "Follow the link and give the password that you chose: then the account is yours.",
        "The link works once, for 24 hours. If you did not ask for an account, do nothing: there will be none.",
    )
    url = _link_url(context, "/register/confirm", link)
    await _send(context, link.email, key, "Confirm your address", lines, url=url, label="Finish the account")


@job("mail.reset")
async def offer_reset(context: Context, ids: dict[str, str]) -> None:
    """Nothing goes to an address without an account."""
    link = await read_link(context.keyring, UUID(ids["link_id"]))
    if link is None or not await find_credentials(context.keyring, link.email):
        return
    lines = (
        "Somebody, probably you, forgot the password. The link lets you choose a new one; every log-in ends then.",
        "It works once, for an hour. If it was not you, do nothing: the old password stays.",
    )
    url = _link_url(context, "/reset/confirm", link)
    await _send(context, link.email, f"reset:{link.id}", "Choose a new password", lines, url=url, label="New password")


@job("mail.password_changed")
async def tell_of_password(context: Context, ids: dict[str, str]) -> None:
    lines = ("The password of your account was changed, and other devices were signed out.", SECURITY)
    await _tell(context, UUID(ids["user_id"]), f"password:{ids['change_id']}", "Your password was changed", lines)


@job("mail.change_mail")
async def prove_new_mail(context: Context, ids: dict[str, str]) -> None:
    """An address that has an account of its own is told nothing but that."""
    link = await read_link(context.keyring, UUID(ids["link_id"]))
    if link is None:
        return
    key, subject = f"change-mail:{link.id}", "Confirm your new address"
    if await find_credentials(context.keyring, link.email):
        told = ("Somebody wanted to move an account to this address, which has one of its own. Nothing has changed.",)
        await _send(context, link.email, key, "This address has an account already", told)
        return
    lines = (
        "Follow the link on a device that is signed in: from then on you sign in with this address.",
        "It works once, for an hour. If you did not ask for this, do nothing.",
    )
    url = _link_url(context, "/account/email/confirm", link)
    await _send(context, link.email, key, subject, lines, url=url, label="Use this address")


@job("mail.change_mail_notice")
async def warn_old_mail(context: Context, ids: dict[str, str]) -> None:
    """To the address that the account has now; after the change there is nobody left to tell."""
    if await read_link(context.keyring, UUID(ids["link_id"])) is None:
        return
    lines = (
        "Somebody who is signed in to your account wants to change its mail address.",
        "It changes once a link at the new address is followed.",
        SECURITY,
    )
    await _tell(context, UUID(ids["user_id"]), f"mail-notice:{ids['link_id']}", "Your address shall be changed", lines)


@job("mail.mail_changed")
async def tell_old_mail(context: Context, ids: dict[str, str]) -> None:
    """Whoever reads only there has no other word of it; a link would lead to an account that is no longer theirs."""
    old = await read_old_mail(context.keyring, int(ids["entry_id"]))
    if old is None:
        return
    site = context.settings.site
    lines = (
        f"Your account at {site.name} has another mail address from now on: mails and links no longer come here.",
        f"If this was not you, write to us at once: {site.customer_care}.",
    )
    await _send(context, old, f"mail-changed:{ids['entry_id']}", "Your address was changed", lines)


@job("mail.session_stolen")
async def warn_of_theft(context: Context, ids: dict[str, str]) -> None:
    person = await person_of_session(context.keyring, UUID(ids["session_id"]))
    if person is None:
        return
    lines = (
        "A log-in of your account was used from two places at once, as happens when it is copied. We have ended it.",
        "Sign in again. If you notice anything odd, choose a new password and look at your devices.",
    )
    key = f"stolen:{ids['session_id']}"
    await _send(context, person.email, key, "A log-in was ended", lines, url="/account/security", label="Your devices")


@job("mail.second_factor")
async def tell_of_second_factor(context: Context, ids: dict[str, str]) -> None:
    on = ids["change"] == "on"
    subject = "Codes of an app are asked for now" if on else "Codes of an app are asked for no more"
    line = f"An authenticator app was {'set up for' if on else 'removed from'} your account."
    key = f"second-factor:{ids['user_id']}:{ids['change']}:{ids['step']}"
    await _tell(context, UUID(ids["user_id"]), key, subject, (line, SECURITY))


@job("mail.social")
async def tell_of_social(context: Context, ids: dict[str, str]) -> None:
    on, name = ids["change"] == "on", PROVIDERS["google"]
    subject = f"{name} opens your account now" if on else f"{name} opens your account no more"
    line = f"Signing in with {name} was {'linked to' if on else 'unlinked from'} your account."
    await _tell(context, UUID(ids["user_id"]), f"social:{ids['change_id']}", subject, (line, SECURITY))


@job("mail.account_state")
async def tell_of_standing(context: Context, ids: dict[str, str]) -> None:
    told = await read_standing(UUID(ids["user_id"]), ids["state"], keyring=context.keyring)
    if told is None:
        return
    key, site = f"account-state:{told.entry_id}", context.settings.site
    if ids["state"] == "suspended":
        lines = (
            "Nobody can sign in to your account for the time being, and every log-in was ended.",
            *((f"Why: {told.reason}",) if told.reason else ()),
            f"If you think that this is wrong, write to our grievance officer: {site.grievance_officer}.",
        )
        await _send(context, told.email, key, "Your account is suspended", lines)
        return
    lines = ("You can sign in again. Thank you for your patience.",)
    await _send(context, told.email, key, "Your account is open again", lines, url="/login", label="Sign in")


@job("mail.code")
async def send_code(context: Context, ids: dict[str, str]) -> None:
    found = await read_challenge(context.keyring, UUID(ids["challenge_id"]))
    if found is None or found.user_id is None:
        return
    lines = (
        found.code,
        "The code works once, for 10 minutes. Give it to nobody; we never ask for it by mail or phone.",
    )
    await _send(context, found.destination, f"code:{ids['challenge_id']}", "Your code to sign in", lines)


@job("sms.code")
async def send_sms_code(context: Context, ids: dict[str, str]) -> None:
    found = await read_challenge(context.keyring, UUID(ids["challenge_id"]))
    if found is not None and found.user_id is not None:
        await context.sms.send(found.destination, CODE_SMS.format(code=found.code, site=context.settings.site.name))


@job("sessions.forget")
async def forget(context: Context, ids: dict[str, str]) -> None:
    await forget_session(context.redis, context.settings, UUID(ids["session_id"]))


@scheduled("23 * * * *")
async def drop_what_has_ended(_: Context) -> None:
    await drop_dead_links()
    await drop_old_challenges()


async def _tell(context: Context, user_id: UUID, key: str, subject: str, lines: tuple[str, ...]) -> None:
    person: Person | None = await find_person(context.keyring, user_id)
    if person:
        await _send(context, person.email, key, subject, lines, url="/account/security", label="Look at your account")


async def _send(
    context: Context, to: str, key: str, subject: str, lines: tuple[str, ...], *, url: str = "", label: str = ""
) -> None:
    url = f"{context.settings.site.base_url}{url}" if url.startswith("/") else url
    await context.mail.send(to, "account", key=key, subject=subject, heading=subject, lines=lines, url=url, label=label)


def _link_url(context: Context, path: str, link: Link) -> str:
    return f"{path}?token={context.keyring.link_token(link.id)}"
