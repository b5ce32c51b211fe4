"""A telephone in a real Chromium, for tests: its page, its microphone that whistles, and what it hears."""

import json
import subprocess
import urllib.parse
import urllib.request
import wave
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, Page

from setup.front import folder
from setup.places import cache_folder
from tests.rig import CODE
from tests.sip import tone
from tests.system.telco import Telco
from tests.web.browser import Tab, open_tab

PASSWORD: Final = "one two three four five"
LOOPBACK: Final = (
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns,MediaRouter",
)
_RATE: Final = 8000


def whistling(hertz: float, path: Path) -> str:
    """The argument that gives a browser a microphone into which somebody whistles, on and off."""
    pause = [0] * (_RATE // 5)
    samples = (tone(hertz, 0.5) + pause) * 4
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples))
    return f"--use-file-for-fake-audio-capture={path}"


def bundle(where: Path) -> str:
    """`phone_page.js` with all it needs, as one script."""
    packages = folder(cache_folder(), CODE / "web/front") / "node_modules"
    (program,) = packages.glob("@esbuild/*/bin/esbuild")
    out = where / "phone_page.js"
    subprocess.run(  # noqa: S603  (our own words)
        ["/usr/bin/env", f"NODE_PATH={packages}", str(program), str(CODE / "tests/system/phone_page.js"),
         "--bundle", "--format=iife", "--target=es2022", "--log-level=warning", f"--outfile={out}"],
        check=True, timeout=60,
    )  # fmt: skip
    return out.read_text(encoding="utf-8")


def account(telco: Telco, user: str) -> dict[str, Any]:
    """What a user's own page is handed by `GET /desk/phone`."""
    site = f"http://{telco.loopback.node}:8080"
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = urllib.parse.urlencode({"name": user, "password": PASSWORD}).encode()
    signing_in = urllib.request.Request(f"{site}/sign-in", form, {"Accept": "application/json"})  # noqa: S310  (our own loopback)
    browser.open(signing_in, timeout=10).close()
    with browser.open(f"{site}/desk/phone", timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


@dataclass
class BrowserPhone:
    """An agent's telephone on a page of the telco's."""

    tab: Tab
    script: str
    account: dict[str, Any]

    @property
    def page(self) -> Page:
        return self.tab.page

    @classmethod
    async def opened(
        cls, browser: Browser, telco: Telco, script: str, told: dict[str, Any]
    ) -> "BrowserPhone":
        """The front page with a telephone on it, which has begun to register."""
        tab = await open_tab(browser, f"http://{telco.loopback.node}:8080/")
        phone = cls(tab, script, told)
        await phone.begin()
        return phone

    async def begin(self) -> None:
        """Put the telephone onto the page."""
        await self.page.evaluate(self.script)
        await self.page.evaluate("account => rig.phone(account)", self.account)

    async def again(self) -> None:
        """Load the page anew."""
        await self.page.reload()
        await self.begin()

    async def is_now(self, *states: str, within: float = 15.0) -> None:
        """Wait for one of these states."""
        await self.page.wait_for_function(
            "states => states.includes(phone.state)", arg=list(states), timeout=within * 1000
        )

    async def hears(self, hertz: float, *, within: float = 10.0) -> None:
        """Wait for a tone."""
        await self.page.evaluate("([hertz, within]) => rig.hears(hertz, 150, within)", [hertz, within * 1000])

    async def press(self, keys: str) -> None:
        """Press keys."""
        await self.page.evaluate("keys => phone.press(keys)", keys)

    async def took(self, state: str) -> float:
        """After how many milliseconds from its start it was first in a state."""
        story: list[dict[str, Any]] = await self.page.evaluate("rig.story")
        return next(round(float(each["at"]), 1) for each in story if each["what"] == state)
