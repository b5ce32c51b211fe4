"""Impossible settings: each is refused with its field named and what to do, and nothing is written."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dialer.campaigns import FIELDS, SETTINGS, UnknownCampaignError
from store import Database
from tests.dialer.campaigns.shelf import SHOWN, Shelf
from values import BadInputError

WRONG: list[tuple[str, Any, str]] = [
    ("mode", "aggressive", "preview"),
    ("mode", None, "preview"),
    ("purpose", "fun", "survey"),
    ("profile", "atlantis", "there is no jurisdiction"),
    ("flow", "", "name the flow"),
    ("flow", "offers.gone", "offers.fibre"),
    ("flow", 7, "write a text"),
    ("callback_flow", "offers.gone", "there are"),
    ("message", "offers.gone", "there are"),
    ("ratio", 0.5, "from 1 to 10"),
    ("ratio", 11, "from 1 to 10"),
    ("ratio", "2", "from 1 to 10"),
    ("max_abandon", -0.01, "from 0"),
    ("max_abandon", 0.031, "0.03"),
    ("max_abandon", 2, "from 0 to 1"),
    ("max_abandon", float("nan"), "from 0"),
    ("max_occupancy", 0, "above 0"),
    ("max_occupancy", 1.01, "up to 1"),
    ("lines", 0, "from 1"),
    ("lines", -5, "from 1"),
    ("lines", 2.5, "whole number"),
    ("lines", True, "whole number"),
    ("lines", "many", "whole number"),
    ("lines", None, "whole number"),
    ("lines", 10**30, "whole number"),
    ("calls_per_second", 0, "above 0"),
    ("calls_per_second", float("inf"), "above 0"),
    ("weight", 0, "above 0"),
    ("weight", -1, "above 0"),
    ("priority", 1.5, "whole number"),
    ("ring_seconds", 0, "from 1"),
    ("ring_seconds", 500, "to 120"),
    ("wrap_seconds", -1, "from 0"),
    ("record", "yes", "true or false"),
    ("spend_limit", -1, "from 0"),
    ("spend_limit", 1.5, "whole number"),
    ("hours", {"mondays": ["09:00-10:00"]}, "mondays"),
    ("hours", {"weekday": ["10:00-09:00"]}, "weekday"),
    ("hours", {"weekday": ["soon"]}, "weekday"),
    ("hours", {"weekday": "09:00-10:00"}, "list"),
    ("hours", ["09:00-10:00"], "by name"),
    ("hours", {"weekday": ["03:00-04:00"]}, "no time in common"),
    ("retry", {"max_attempts": 0}, "max_attempts"),
    ("retry", {"outcomes": {"busy": {"after": []}}}, "after"),
    ("retry", {"colour": "blue"}, "colour"),
    ("retry", {"outcomes": {"no_anwser": {"after": [10]}}}, "is it 'no_answer'"),
    ("retry", {"outcomes": {"not_ther": {"after": [10]}}}, "is it 'not_there'"),
    ("starts", "tomorrow", "with its zone"),
    ("starts", "2026-03-02T09:00:00", "with its zone"),
    ("ends", 20260302, "with its zone"),
    ("caller_id", "0650000611", "E.164"),
    ("caller_id", "+4420", "of your own"),
    ("caller_id", "+442079460000", "of your own"),
    ("caller_id", "112", "of your own"),
    ("caller_id", "", "who calls"),
    ("caller_ids", [SHOWN, SHOWN], "twice"),
    ("caller_ids", [SHOWN, "+39000"], "of your own"),
    ("caller_ids", SHOWN, "list"),
    ("caller_ids", [""], "empty"),
    ("trunks", "carrier", "list"),
    ("title", "x" * 201, "at most 200"),
    ("title", "a\0b", "character"),
    ("machines", "shout", "leave_message"),
    ("dispositions", [{"name": "done"}], "done.title"),
    ("dispositions", [{"name": "a b", "title": "A"}], "name"),
    ("dispositions", [{"name": "a", "title": "A", "then": "later"}], "then"),
    ("dispositions", [{"name": "a", "title": "A"}, {"name": "a", "title": "B"}], "two have the name"),
    ("dispositions", [{"name": "a", "title": "A", "opt_out": True, "then": "retry"}], "must be final"),
    ("dispositions", [{"name": "a", "title": "A", "suppress": "all"}], "set opt_out too"),
    ("dispositions", "done", "list"),
]


@pytest.mark.unit
def test_every_setting_has_a_reader_and_a_word() -> None:
    assert set(SETTINGS) == set(FIELDS)
    assert all(each.words for each in SETTINGS.values())


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


@pytest.mark.database
async def test_each_impossible_setting_is_named_at_birth_and_on_a_running_campaign(shelf: Shelf) -> None:
    before = await shelf.create("running")
    for field, value, words in WRONG:
        with pytest.raises(BadInputError, match=r".") as born:
            await shelf.create("new", **{field: value})
        assert born.value.field == field, (field, value)
        assert words in str(born.value), (field, value, str(born.value))
        with pytest.raises(BadInputError, match=r".") as tuned:
            await shelf.change("running", **{field: value})
        assert (tuned.value.field, str(tuned.value)) == (field, str(born.value))
    with pytest.raises(UnknownCampaignError):
        await shelf.shown("new")
    assert await shelf.shown("running") == before


@pytest.mark.database
async def test_what_only_together_makes_no_sense_is_refused_as_well(shelf: Shelf) -> None:
    await shelf.create(starts="2026-03-02T09:00:00Z", ends="2026-03-09T09:00:00Z")
    with pytest.raises(BadInputError, match=r"^ends: must come after its start"):
        await shelf.change(starts="2026-03-10T09:00:00+01:00")
    with pytest.raises(BadInputError, match=r"^message: name the flow"):
        await shelf.change(machines="leave_message")
    assert await shelf.change(machines="leave_message", message="offers.message")
    with pytest.raises(BadInputError, match=r"^message: name the flow"):
        await shelf.change(message="")
    await shelf.change(ring_seconds=10, max_abandon=0.03, profile="none")
    with pytest.raises(BadInputError, match=r"^ring_seconds: .* 15 s"):
        await shelf.change(profile="uk", caller_id="+442079460000")


@pytest.mark.database
async def test_what_must_be_told_is_asked_for_and_what_nobody_knows_is_said_so(shelf: Shelf) -> None:
    for missing in ("flow", "purpose", "profile"):
        with pytest.raises(BadInputError, match=f"^{missing}:"):
            await shelf.create(**{missing: None})
    with pytest.raises(BadInputError, match=r"^colour: .*calls_per_second"):
        await shelf.create(colour="blue")
    for name in ("", ".", "../etc", "a b", "-x", "x" * 81, "trunk:first", "é"):
        with pytest.raises(BadInputError, match=r"^name: "):
            await shelf.create(name)


@pytest.mark.database
async def test_settings_come_back_as_they_were_written(shelf: Shelf) -> None:
    written: dict[str, Any] = {
        "title": "Fibre for the north", "mode": "predictive", "lines": 40, "ratio": 2.5, "max_abandon": 0.01,
        "max_occupancy": 0.85, "hours": {"weekday": ["10:00-12:00", "15:00-19:00"]},
        "retry": {"max_attempts": 3}, "caller_ids": [SHOWN, "+390650000612"], "skill": "fibre",
        "starts": "2026-03-02T08:00:00+00:00", "ends": None, "spend_limit": 5000, "record": True,
        "dispositions": [{"name": "sold", "title": "Sold", "goal": True, "fields": ["order_id"]}],
    }  # fmt: skip
    made = await shelf.create(**written)
    assert {name: made[name] for name in written} == written
    assert await shelf.shown() == made
    async with shelf.db.read() as session:
        from dialer.campaigns import campaign

        assert (await campaign(session, "fibre")).starts == datetime(2026, 3, 2, 8, tzinfo=UTC)
