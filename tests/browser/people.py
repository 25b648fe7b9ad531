"""People who can sign in, and how they do it."""

from uuid import UUID

from playwright.async_api import Page

from models.database import transaction
from models.sign_in import register
from server.context import Context
from tests.people import APPS, code_of, set_up_app

PASSWORD = "correct horse battery"
SELLER, ADMIN, SHOPPER = "kala@example.in", "admin@example.in", "meera@example.in"


async def make_person(context: Context, email: str, *, role: str = "shopper", name: str = "Meera Iyer") -> UUID:
    hashed = await context.passwords.hash(PASSWORD)
    async with transaction() as connection:
        user_id = await register(connection, context.keyring, email=email, name=name, password_hash=hashed, role=role)
    if role in {"admin", "support"}:
        await set_up_app(context, user_id, email)
    return user_id


async def sign_in(tab: Page, email: str, password: str = PASSWORD, code: str = "") -> None:
    """Fill the form of the page that asks for it, and wait for the next one."""
    if not tab.url.split("?")[0].endswith("/login"):
        await tab.goto("/login")
    await tab.get_by_label("E-mail").fill(email)
    await tab.get_by_label("Password").fill(password)
    async with tab.expect_navigation():
        await tab.get_by_role("button", name="Sign in").click()
    if tab.url.split("?")[0].endswith("/login/second"):
        await tab.get_by_label("Code").fill(code or code_of(APPS[email]))
        async with tab.expect_navigation():
            await tab.get_by_role("button", name="Sign in").click()
