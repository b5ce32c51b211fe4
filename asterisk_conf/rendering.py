"""Templates into configuration files: every value checked, every file readable by its owner only."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from socket import AF_INET
from typing import Any

import jinja2
import psutil

from asterisk_conf.folders import Folders
from asterisk_conf.music import write_music
from asterisk_conf.noise import write_noise
from asterisk_conf.plan import CityPlan, NodePlan
from values import CentralinoError

_TEMPLATES = Path(__file__).parent / "templates"
_SAFE = re.compile(r"[\w./:+@ =-]*")
_SECRET = 0o600
_PROGRAM = 0o700


class UnsafeValueError(CentralinoError):
    """A value holds characters that would mean something else to Asterisk."""

    error_id = "unsafe-value"


def render_node(plan: NodePlan) -> Folders:
    """Write the whole configuration of a voice node into its folder and give the folders.

    Raises `UnsafeValueError` when a value could break out of its place. Repeat it only while that node
    is down.
    """
    folders = Folders(plan.home)
    folders.make()
    folders.put_aside()
    folders.link_sounds(plan.installation, plan.prompts)
    write_music(folders.data / "moh")
    write_noise(folders.data / "sounds" / "comfort")
    _render_all("node", folders, {"plan": plan, "own_addresses": own_addresses()})
    if plan.dialplan:
        extensions = folders.conf / "extensions.conf"
        _write(extensions, f"{extensions.read_text(encoding='utf-8')}\n{plan.dialplan}\n", _SECRET)
    _write(
        folders.agi / "fallback.sh", _template("fallback.sh.j2", {"plan": plan, "folders": folders}), _PROGRAM
    )
    return folders


def render_city(plan: CityPlan) -> Folders:
    """Write the whole configuration of the city's Asterisk into its folder and give the folders.

    Raises `UnsafeValueError` as `render_node` does.
    """
    folders = Folders(plan.home)
    folders.make()
    folders.put_aside()
    folders.link_sounds(plan.installation, None)
    write_music(folders.data / "moh")
    write_noise(folders.data / "sounds" / "comfort")
    _render_all("city", folders, {"plan": plan, "own_addresses": own_addresses()})
    return folders


def checked(value: object) -> object:
    """Give a value to a template, if it can mean nothing but itself there."""
    text = str(value)
    if not _SAFE.fullmatch(text):
        raise UnsafeValueError(f"{text[:60]!r} cannot be written into Asterisk's configuration")
    return value


def own_addresses() -> list[str]:
    """This machine's IPv4 addresses that are not loopback: what Asterisk would tell browsers by itself."""
    found = [
        each.address for all_of in psutil.net_if_addrs().values() for each in all_of if each.family is AF_INET
    ]
    return sorted(each for each in set(found) if not ip_address(each).is_loopback)


def _render_all(kind: str, folders: Folders, values: Mapping[str, Any]) -> None:
    for source in (_TEMPLATES / "common", _TEMPLATES / kind):
        for template in sorted(source.glob("*.conf.j2")):
            text = _template(f"{source.name}/{template.name}", {**values, "folders": folders})
            _write(folders.conf / template.name.removesuffix(".j2"), text, _SECRET)


def _template(name: str, values: Mapping[str, Any]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        finalize=checked,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  (no web page; `checked` is the guard here)
    )
    return environment.get_template(name).render(values)


def _write(path: Path, text: str, mode: int) -> None:
    """Replace a file at once, so that a running Asterisk never reads half of it."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=mode)
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(mode)
    fresh.replace(path)
