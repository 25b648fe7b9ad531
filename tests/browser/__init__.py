"""A real browser for tests that look at pages: Chromium, headless, one for the session and a tab for each test.

Where there is none the tests say so loudly and are left out; with CI set they fail.
"""

import os
import shutil
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync"]  # fmt: skip
TIMEOUT_MS = 15_000
PHONE = {"width": 360, "height": 740}
EXPECTED = ("status of 4", "net::ERR_")
"""Console errors that tests provoke on purpose: answers with a 4xx, pictures of hosts that do not answer."""


def find_chromium() -> str:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    message = f"No browser is on PATH ({', '.join(NAMES)}): nothing is tested in a browser"
    if os.environ.get("CI"):
        raise FileNotFoundError(message)
    print(f"\nSKIPPED LOUDLY: {message}", file=sys.stderr)
    pytest.skip(message)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = find_chromium()
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        await launched.close()


class Window:
    """A browser's context on the shop; whatever its console complains of fails the test."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []

    async def tab(self) -> Page:
        page = await self.context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(words in message.text for words in EXPECTED):
            self.complaints.append(message.text)


@pytest.fixture
async def window(browser: Browser, http: aiohttp.ClientSession, port: int) -> AsyncIterator[Window]:
    """A desktop browser on this test's shop."""
    context = await browser.new_context(base_url=f"http://127.0.0.1:{port}", viewport={"width": 1280, "height": 800})
    opened = Window(context)
    yield opened
    await context.close()
    assert opened.complaints == []


@pytest.fixture
async def tab(window: Window) -> Page:
    return await window.tab()


@pytest.fixture
async def phone(browser: Browser, http: aiohttp.ClientSession, port: int) -> AsyncIterator[Page]:
    """A small phone's browser on this test's shop."""
    context = await browser.new_context(
        base_url=f"http://127.0.0.1:{port}", viewport=PHONE, is_mobile=True, has_touch=True
    )
    opened = Window(context)
    yield await opened.tab()
    await context.close()
    assert opened.complaints == []
