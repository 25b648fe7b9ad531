"""What every page owes everybody: one heading, a language, pictures that come and say what they show, nothing that
sticks out sideways, and no serious violation of the accessibility rules that axe knows."""

from functools import cache
from pathlib import Path

from playwright.async_api import Page

from tests.browser.window import SIZES

AXE = Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
LOOK = """async () => {
  const faults = [], page = document.documentElement;
  const pictures = [...document.images];
  for (const picture of pictures) picture.loading = "eager";
  await Promise.all(pictures.map((picture) => picture.decode().catch(() => 0)));
  if (!page.lang) faults.push("no language");
  if (!document.title) faults.push("no title");
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) faults.push(`${headings} h1`);
  for (const picture of pictures) {
    if (!picture.hasAttribute("alt")) faults.push(`no alt: ${picture.src}`);
    if (!picture.naturalWidth) faults.push(`no picture: ${picture.src}`);
  }
  const excess = page.scrollWidth - page.clientWidth;
  if (excess > 0) {
    const all = [...document.body.querySelectorAll("*")];
    const wide = all.filter((element) => element.getBoundingClientRect().right > page.clientWidth + 1);
    const named = wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
    faults.push(`sticks out by ${excess} px: ${named}`);
  }
  return faults;
}"""
# What fades in or out has too little contrast meanwhile; what never ends cannot be finished.
END = """() => document.getAnimations().forEach((animation) => {
  if (animation.effect.getComputedTiming().endTime !== Infinity) animation.finish();
})"""
# A rule's own impact is that of whatever it finds: the milder ones could say nothing that counts.
RULES = """async () => {
  const mild = axe._audit.rules.filter((rule) => ["minor", "moderate"].includes(rule.impact));
  const rules = Object.fromEntries(mild.map((rule) => [rule.id, { enabled: false }]));
  const options = { resultTypes: ["violations"], preload: false, selectors: false, rules };
  const found = await axe.run(document, options);
  const bad = found.violations.filter((rule) => ["serious", "critical"].includes(rule.impact));
  const places = (rule) => rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 160));
  return bad.map((rule) => `${rule.id} (${rule.impact}), ${rule.help}: ${places(rule)}`);
}"""


@cache
def axe() -> str:
    return AXE.read_text("utf-8")


async def faults_of(tab: Page, name: str) -> list[str]:
    """Sentences about the page that the tab shows, each with its name; none when it is sound."""
    if not await tab.evaluate("'axe' in window"):
        await tab.evaluate(axe())  # by the debugger, which the page's CSP does not bind
    await tab.emulate_media(reduced_motion="reduce")
    await tab.evaluate(END)
    found = [*await tab.evaluate(LOOK), *await tab.evaluate(RULES)]
    return [f"{name}: {fault}" for fault in found]


async def faults_at_both_sizes(tab: Page, name: str) -> list[str]:
    """The same of a page on a desk, then as a phone shows it: asked for once, since the shop answers both alike."""
    faults = await faults_of(tab, f"{name} (desk)")
    await _show_as(tab, "phone")
    faults += await faults_of(tab, f"{name} (phone)")
    await _show_as(tab, "desk")
    return faults


async def _show_as(tab: Page, size: str) -> None:
    """Waits for the screen: what sticks out widens the window of a phone."""
    viewport, mobile = SIZES[size]["viewport"], "is_mobile" in SIZES[size]
    width, height = viewport["width"], viewport["height"]
    screen = {**viewport, "screenWidth": width, "screenHeight": height, "deviceScaleFactor": 1, "mobile": mobile}
    debugger = await tab.context.new_cdp_session(tab)
    await debugger.send("Emulation.setTouchEmulationEnabled", {"enabled": mobile})
    await debugger.send("Emulation.setDeviceMetricsOverride", screen)
    await tab.wait_for_function("width => screen.width === width", arg=width)
