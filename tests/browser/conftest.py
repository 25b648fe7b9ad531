"""The fixtures of tests in a browser: people's windows at both sizes, and a small shop that search has found."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from server.context import Context
from tests.browser.stall import Stall, open_stall
from tests.browser.window import ARGUMENTS, SIZES, TIMEOUT_MS, Window, find_chromium
from tests.shop import bank

__all__ = ["bank"]

OpenWindow = Callable[..., Awaitable[Window]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = find_chromium()
    expect.set_options(timeout=TIMEOUT_MS)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest.fixture
def size() -> str:
    return "desk"


@pytest.fixture
async def open_window(browser: Browser, http: aiohttp.ClientSession, port: int, size: str) -> AsyncIterator[OpenWindow]:
    """A builder of windows on this test's shop, each of another person. At the end none may have complained."""
    opened: list[Window] = []

    async def build(**options: Any) -> Window:
        options = {"base_url": f"http://127.0.0.1:{port}", "locale": "en-IN", **SIZES[size], **options}
        opened.append(Window(await browser.new_context(**options)))
        return opened[-1]

    yield build
    for window in opened:
        await window.context.close()
    assert [complaint for window in opened for complaint in window.complaints] == []


@pytest.fixture
async def window(open_window: OpenWindow) -> Window:
    return await open_window()


@pytest.fixture
async def tab(window: Window) -> Page:
    return await window.tab()


@pytest.fixture
async def stall(context: Context, http: aiohttp.ClientSession, worker: None) -> Stall:
    """A few products of one seller, found by search."""
    return await open_stall(context, http)
