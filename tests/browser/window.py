"""A person's browser on the shop, whose every complaint fails the test, unless the test provokes it and says so."""

import os
import shutil

import pytest
from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, Response

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"]  # fmt: skip
SIZES = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
TIMEOUT_MS = 20_000
LEFT_BEHIND = "net::ERR_ABORTED"
"""The reason of a request that the page itself gave up: a newer search, another page."""


def find_chromium() -> str:
    """The path of a browser. Where there is none the tests are left out loudly; with CI set they fail."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    message = f"No browser is on PATH ({', '.join(NAMES)}): nothing was tested in a browser"
    if os.environ.get("CI"):
        raise FileNotFoundError(message)
    pytest.skip(message)


class Window:
    """One person's cookies and tabs. `complaints`: errors of scripts, refusals by the CSP, answers of 400 and above."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []
        self._allowed: tuple[str, ...] = ()

    async def tab(self) -> Page:
        page = await self.context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(f"script: {error}"))
        page.on("requestfailed", self._miss)
        page.on("response", self._judge)
        return page

    def allow(self, *words: str) -> None:
        """This test provokes complaints with these words, such as "422 POST"."""
        self._allowed += words

    def _hear(self, message: ConsoleMessage) -> None:
        answered = message.text.startswith("Failed to load resource")  # heard of as an answer or a failure already
        if message.type in {"error", "warning"} and not answered:
            self._note(f"console: {message.text}")

    def _miss(self, request: Request) -> None:
        if request.failure != LEFT_BEHIND:
            self._note(f"{request.failure} {request.method} {request.url}")

    def _judge(self, response: Response) -> None:
        if response.status >= 400:
            self._note(f"{response.status} {response.request.method} {response.url}")

    def _note(self, complaint: str) -> None:
        if not any(words in complaint for words in self._allowed):
            self.complaints.append(complaint)
