"""The house's own rules are sound, give their flows what they want, and have the form that is published."""

import asyncio
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from centralino.cli.rulebook import checked_book, vocabulary_here
from centralino.rooms import Rooms
from centralino.settings import Settings
from customers import CustomerCard, LineType, NumberCard, Tier
from dialer import CampaignPlan
from ivr.language.yaml_reader import read_yaml
from proactive.rules import HOUSE, Fact, Person, Result, Vocabulary, in_control, overlaps
from proactive.rules.published import SCHEMA_FILE, schema, written
from values import CustomerId, PhoneNumber, SystemClock
from values.testing import EPOCH

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


def test_the_example_that_people_copy_is_sound_and_calls_nobody_twice(
    known: tuple[Vocabulary, list[CampaignPlan]], tmp_path: Path
) -> None:
    words, _ = known
    mine = tmp_path / "rules.yaml"
    guide = Path(__file__).parents[3] / "docs" / "how-to" / "events.md"
    mine.write_text(guide.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    book = checked_book(mine, words)
    assert overlaps(book) == []
    card = CustomerCard(
        CustomerId("k1"), "Anna Rossi", Tier.GOLD, "it", slow_speech=False, zone="Europe/Rome"
    )
    person = Person(card, [NumberCard(PhoneNumber("+393290000001"), "Europe/Rome", LineType.MOBILE)])
    day = (EPOCH + timedelta(days=20)).date()
    values = {"order": "o1", "kind": "la", "planned": day, "moved": False, "same": False}
    fact = Fact(id="e1", type="order.planned", at=EPOCH, customer_id="k1", key="o1", values=values)
    found = [(each.rule, each.result) for each in book.decide(fact, person, EPOCH)]
    if in_control("line_notice", "k1", 0.1):
        assert found == [("line_day_gold", Result.CONTROL), ("line_day", Result.OUTRANKED)]
    else:
        assert found == [("line_day_gold", Result.CONTACT), ("line_day", Result.OUTRANKED)]


def test_the_houses_rules_never_want_to_call_twice(known: tuple[Vocabulary, list[CampaignPlan]]) -> None:
    assert overlaps(checked_book(HOUSE, known[0])) == []
