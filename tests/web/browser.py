"""A real Chromium for tests, with what every page is looked at for: axe, complaints, pictures.

async with chromium() as browser:
    tab = await open_tab(browser, str(server.make_url("/sign-in")))
    assert await axe_in_both(tab.page) == []
    await look(tab.page, "sign-in")
"""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from setup.front import folder
from setup.places import cache_folder

CHECKOUT: Final = Path(__file__).resolve().parents[2]
LOOKS: Final = Path(tempfile.gettempdir()) / "centralino-looks"
"""Where `look` puts its pictures."""
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)
SOON: Final = 30_000
"""Milliseconds that anything may take on a busy machine."""
Scheme = Literal["light", "dark"]
SCHEMES: Final[Sequence[Scheme]] = ("light", "dark")


@dataclass
class Tab:
    """A page that is open, and what it complained about."""

    page: Page
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)

    def complained(self, *expected: str) -> list[str]:
        """What it complained about, apart from what was to be expected (a part of its words)."""
        return [each for each in self.complaints if not any(word in each for word in expected)]


@asynccontextmanager
async def chromium(*arguments: str) -> AsyncIterator[Browser]:
    """A browser of its own."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*ARGUMENTS, *arguments]
        )
        try:
            yield browser
        finally:
            await browser.close()


async def open_tab(
    browser: Browser,
    url: str,
    *,
    cookies: Sequence[Any] = (),
    width: int = 1280,
    scheme: Scheme = "light",
    locale: str = "en-GB",
) -> Tab:
    """A page in a context of its own (nobody else's cookies), open in Rome."""
    context = await browser.new_context(
        timezone_id="Europe/Rome",
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale=locale,
        permissions=["microphone"],
    )
    context.set_default_timeout(SOON)
    expect.set_options(timeout=SOON)
    if cookies:
        await context.add_cookies(list(cookies))
    tab = Tab(await context.new_page(), context)
    tab.page.on("console", lambda said: tab.complaints.append(said.text) if said.type == "error" else None)
    tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    await tab.page.goto(url)
    return tab


async def sign_in(page: Page, name: str, password: str) -> None:
    """As a person does it, on the sign-in page that is shown."""
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_load_state("load")  # the page that follows has its style sheets now


async def axe(page: Page, *, without: Sequence[str] = ()) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA: one line each; `without`: rules that a test leaves out."""
    source = folder(cache_folder(), CHECKOUT / "web/front") / "node_modules/axe-core/axe.min.js"
    await page.evaluate(source.read_text(encoding="utf-8"))
    rules = {rule: {"enabled": False} for rule in without}
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = await page.evaluate(
        "options => axe.run(document, options)",
        {"runOnly": {"type": "tag", "values": tags}, "rules": rules, "resultTypes": ["violations"]},
    )
    return [
        f"{each['id']} ({each['impact']}): {each['help']} – {node['target']}: {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


async def axe_in_both(page: Page, **options: Any) -> list[str]:
    """The same in light and in dark."""
    found = []
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {each}" for each in await axe(page, **options)]
    return found


async def look(page: Page, name: str, *, widths: Sequence[int] = (1280, 1920)) -> list[Path]:
    """Pictures of a page in both themes and at each width, to be looked at by a person."""
    LOOKS.mkdir(exist_ok=True)
    made = []
    before = page.viewport_size
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        for width in widths:
            await page.set_viewport_size({"width": width, "height": 900})
            path = LOOKS / f"{name}-{scheme}-{width}.png"
            await page.screenshot(path=path)
            made.append(path)
    if before is not None:
        await page.set_viewport_size(before)
    return made


async def fits(page: Page, *, widths: Sequence[int] = (390, 1280, 1920)) -> list[int]:
    """The widths at which something is cut off sideways."""
    await page.wait_for_load_state("load")  # without its style sheets any page is too wide
    cut = []
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 900})
        wide = await page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            cut.append(width)
    return cut
