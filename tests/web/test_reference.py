"""The reference pages name everything there is to set and to ask."""

import re
from itertools import chain
from pathlib import Path

import pytest

from centralino.settings import Settings, TrunkSettings
from dialer.campaigns import SETTINGS
from dialer.trunks import TRUNK_SETTINGS
from web.access import API
from web.api import _KNOWN
from web.api import routes as api_routes
from web.campaigns import HISTORY, PAGE
from web.campaigns import routes as campaign_routes
from web.contacts import FIELDS
from web.contacts import routes as contact_routes
from web.health import routes as health_routes
from web.lists import PLAN
from web.lists import routes as list_routes
from web.trunks import routes as trunk_routes

pytestmark = pytest.mark.unit

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def named(page: str) -> set[str]:
    """What stands in code type in the first column of its tables."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    cells = re.findall(r"^\| (`[^|]*`) \|", text, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_setting_is_told_and_none_that_is_not_there() -> None:
    there = set(Settings.model_fields) | set(TrunkSettings.model_fields)
    assert named("settings.md") == there


def test_every_parameter_and_every_path_of_the_api_is_told() -> None:
    told = named("api.md")
    assert told >= _KNOWN | PAGE | HISTORY
    assert told >= set(FIELDS) | set(TRUNK_SETTINGS) | set(PLAN)
    text = (REFERENCE / "api.md").read_text(encoding="utf-8")
    tables = (
        api_routes, campaign_routes, contact_routes, list_routes, trunk_routes, health_routes
    )  # fmt: skip
    for route in chain.from_iterable(tables):
        path = route.path  # type: ignore[attr-defined]
        assert f"{route.method} {path}" in text  # type: ignore[attr-defined]
        assert path.startswith(API) or path in {"/healthz", "/readyz", "/metrics"}


def test_every_setting_of_a_campaign_is_told_and_none_that_is_not_there() -> None:
    assert named("campaigns.md") == set(SETTINGS)
