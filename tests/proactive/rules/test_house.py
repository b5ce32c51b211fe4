"""The house's own rules are sound, give their flows what they want, and have the form that is published."""

import asyncio
from pathlib import Path

import jsonschema
import pytest

from centralino.cli.rulebook import checked_book, vocabulary_here
from centralino.rooms import Rooms
from centralino.settings import Settings
from dialer import CampaignPlan
from ivr.language.yaml_reader import read_yaml
from proactive.rules import HOUSE, Vocabulary
from proactive.rules.published import SCHEMA_FILE, schema, written
from values import SystemClock

pytestmark = pytest.mark.unit


@pytest.fixture
def known(tmp_path: Path) -> tuple[Vocabulary, list[CampaignPlan]]:
    """Everything that the processes say they know, and their campaigns."""

    async def here() -> tuple[Vocabulary, list[CampaignPlan]]:
        settings = Settings(home=tmp_path, database_url=f"sqlite+aiosqlite:///{tmp_path}/none.db")
        async with Rooms.open(settings, SystemClock()) as rooms:
            plans = rooms.processes.campaigns(profile="it", caller_id="+390650000611")
            return await vocabulary_here(rooms), list(plans)

    return asyncio.run(here())


def test_they_are_sound_and_every_campaign_is_there(known: tuple[Vocabulary, list[CampaignPlan]]) -> None:
    words, plans = known
    flows = {plan.name: plan.flow for plan in plans}
    for rule in checked_book(HOUSE, words).rules:
        assert rule.title, rule.name
        if rule.campaign:
            assert rule.flow == flows[rule.campaign], rule.name


def test_they_have_the_published_form() -> None:
    jsonschema.validate(read_yaml(HOUSE.read_text(encoding="utf-8"), file=HOUSE.name).data, schema())
    assert SCHEMA_FILE.read_text(encoding="utf-8") == written(), "run python -m proactive.rules.published"
