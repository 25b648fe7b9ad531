"""People who can sign in, and how they do it."""

from uuid import UUID

from playwright.async_api import Page

from models.database import transaction
from models.sign_in import register
from server.context import Context

PASSWORD = "correct horse battery"
SELLER, ADMIN, SHOPPER = "kala@example.in", "admin@example.in", "meera@example.in"


async def make_person(context: Context, email: str, *, role: str = "shopper", name: str = "Meera Iyer") -> UUID:
    hashed = await context.passwords.hash(PASSWORD)
    async with transaction() as connection:
        return await register(connection, context.keyring, email=email, name=name, password_hash=hashed, role=role)


async def sign_in(tab: Page, email: str, password: str = PASSWORD) -> None:
    """Fill the form of the page that asks for it, and wait for the next one."""
    if not tab.url.split("?")[0].endswith("/login"):
        await tab.goto("/login")
    await tab.get_by_label("E-mail").fill(email)
    await tab.get_by_label("Password").fill(password)
    async with tab.expect_navigation():
        await tab.get_by_role("button", name="Sign in").click()
