"""Every mail that the shop sends can be looked at by the operator, in both forms, and by nobody else."""

from uuid import UUID

from tests.handlers.pages.visitor import Visitor
from web.mail import mail_names


async def test_every_mail_has_a_preview_in_both_forms(visitor: Visitor, operator: UUID) -> None:
    listed = (await visitor.get("/admin/mails")).text
    for name in mail_names():
        assert f"/admin/mails/{name}?form=text" in listed
        html, text = [await visitor.get(f"/admin/mails/{name}{form}") for form in ("", "?form=text")]
        assert (html.status, text.status) == (200, 200), name
        assert "</html>" in html.html
        assert len(text.html.strip()) > 80
        assert "<table" not in text.html
        assert html.headers["Content-Security-Policy"].startswith("sandbox")
        assert text.headers["Content-Type"].startswith("text/plain")
    assert (await visitor.get("/admin/mails/parts")).status == 404
    assert (await visitor.get("/admin/mails/order_paid?form=pdf")).status == 422


async def test_a_seller_sees_none(visitor: Visitor, seller: UUID) -> None:
    assert (await visitor.get("/admin/mails")).status == 403
    assert (await visitor.get("/admin/mails/order_paid")).status == 403
