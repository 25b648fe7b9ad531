"""The look at a page tells what stays wrong, and nothing of what is on its way in or out."""

from playwright.async_api import Page

from tests.browser.soundness import faults_of
from tests.browser.stall import Stall

SHOW = """(style) => {
  const told = Object.assign(document.createElement("p"), { textContent: "Saved.", style });
  document.querySelector("main").append(told);
  told.animate([{ opacity: 0.2 }, { opacity: 1 }], { duration: 60000 });
}"""


async def test_what_fades_in_is_looked_at_as_it_will_be(tab: Page, stall: Stall) -> None:
    await tab.goto("/login")
    await tab.evaluate(SHOW, "")
    assert await faults_of(tab, "fading") == []
    await tab.evaluate(SHOW, "color: #999; background: #888")
    assert "color-contrast" in " ".join(await faults_of(tab, "grey on grey"))
