"""The gate: who may be called, when, how often; every refusal with its reason and its next time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dialer.gate import (
    BLOCKS,
    Candidate,
    Facts,
    Gate,
    PastCall,
    Purpose,
    Reason,
    Suppression,
    UnknownJurisdictionError,
    Verdict,
    load_profiles,
)
from dialer.gate.destination import REMEMBERED, destination, remember
from values import BadInputError

pytestmark = pytest.mark.unit

ROME = ZoneInfo("Europe/Rome")
ANNA = "+393290000017"
SHOWN = "+390650000611"
PROFILES = load_profiles()


def rome(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME).astimezone(UTC)


TUESDAY = rome("2026-03-03T11:00")
CONSENTED = Facts(consents=frozenset({("c17", Purpose.MARKETING)}))


def ask(
    purpose: Purpose = Purpose.SERVICE,
    *,
    now: datetime = TUESDAY,
    number: str = ANNA,
    profile: str = "it",
    facts: Facts = CONSENTED,
    zone: str = "",
    hours: dict[str, Sequence[str]] | None = None,
    caller_id: str = SHOWN,
) -> Verdict:
    if not facts.registers:  # read in the day before, unless a test says otherwise
        facts = replace(facts, registers={"rpo": now - timedelta(days=1)})
    candidate = Candidate(
        number, purpose, profile, caller_id=caller_id, customer_id="c17", zone=zone, hours=hours or {}
    )
    (verdict,) = Gate(PROFILES, country="IT").check([candidate], facts, now)
    return verdict


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("profile", ["it", "none"])
def test_on_a_tuesday_morning_everybody_may_call(purpose: Purpose, profile: str) -> None:
    assert ask(purpose, profile=profile).allowed


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("112", Reason.EMERGENCY),
        ("+39112", Reason.EMERGENCY),
        ("+39118", Reason.EMERGENCY),
        ("911", Reason.EMERGENCY),
        ("+1911", Reason.EMERGENCY),
        ("999", Reason.EMERGENCY),
        ("+39187", Reason.SHORT_CODE),
        ("0611", Reason.SHORT_CODE),
        ("+390611", Reason.SHORT_CODE),
        ("+39899123456", Reason.PREMIUM),
        ("+39840123456", Reason.PREMIUM),
        ("+442079460000", Reason.COUNTRY),
        ("+18005551234", Reason.COUNTRY),
        ("3290000017", Reason.NOT_A_NUMBER),
        ("+39329000001712345", Reason.NOT_A_NUMBER),
        ("+39329\r\nAction: Originate", Reason.NOT_A_NUMBER),
        ("", Reason.NOT_A_NUMBER),
        ("+", Reason.NOT_A_NUMBER),
        ("+٣٩٣٢٩٠٠٠٠٠١٧", Reason.NOT_A_NUMBER),
    ],
)
@pytest.mark.parametrize("profile", ["it", "none"])
def test_some_numbers_are_never_dialled_whoever_asks(number: str, reason: Reason, profile: str) -> None:
    verdict = ask(Purpose.MANDATORY_NOTICE, number=number, profile=profile)
    assert (verdict.allowed, verdict.reason, verdict.retry_at) == (False, reason, None)


def test_words_of_a_refusal_show_no_whole_number() -> None:
    assert "442079460" not in ask(number="+442079460000").words


@pytest.mark.parametrize(
    ("entry", "stopped"),
    [
        (Suppression.MARKETING, {Purpose.MARKETING}),
        (Suppression.REGISTER, {Purpose.MARKETING}),
        (Suppression.SURVEY, {Purpose.SURVEY}),
        (Suppression.SERVICE, {Purpose.SERVICE}),
        (Suppression.COLLECTIONS, {Purpose.COLLECTIONS}),
        (Suppression.ALL, set(Purpose) - {Purpose.MANDATORY_NOTICE}),
        (Suppression.NOT_THEIRS, set(Purpose)),
    ],
)
@pytest.mark.parametrize("profile", ["it", "none"])
def test_who_asked_not_to_be_called_for_something_is_not(
    entry: Suppression, stopped: set[Purpose], profile: str
) -> None:
    facts = Facts({ANNA: [entry]}, consents=frozenset({("c17", Purpose.MARKETING)}))
    reason = Reason.NOT_THEIRS if entry is Suppression.NOT_THEIRS else Reason.DO_NOT_CALL
    refused = {purpose for purpose in Purpose if ask(purpose, facts=facts, profile=profile).reason is reason}
    assert refused == stopped == BLOCKS[entry]


def test_a_wish_goes_before_a_number_that_is_not_theirs_or_of_a_kind_that_is_not_called() -> None:
    both = Facts({ANNA: [Suppression.NOT_THEIRS, Suppression.SERVICE]})
    assert ask(Purpose.SERVICE, facts=both).reason is Reason.DO_NOT_CALL
    assert ask(Purpose.MANDATORY_NOTICE, facts=both).reason is Reason.NOT_THEIRS
    abroad = "+442079460000"
    assert ask(number=abroad, facts=Facts({abroad: [Suppression.ALL]})).reason is Reason.DO_NOT_CALL


def test_offers_need_consent_and_a_notice_does_not() -> None:
    assert ask(Purpose.MARKETING, facts=Facts()).reason is Reason.NO_CONSENT
    assert ask(Purpose.MANDATORY_NOTICE, facts=Facts()).allowed


def test_a_call_that_hides_its_caller_is_refused_where_the_law_wants_one() -> None:
    assert ask(caller_id="").reason is Reason.CALLER_ID
    assert ask(caller_id="", profile="none").allowed


@pytest.mark.parametrize(
    ("purpose", "when", "opens"),
    [
        (Purpose.MARKETING, "2026-03-03T08:59:59", "2026-03-03T09:00"),
        (Purpose.MARKETING, "2026-03-03T20:00", "2026-03-04T09:00"),
        (Purpose.MARKETING, "2026-03-07T09:30", "2026-03-07T10:00"),  # a Saturday
        (Purpose.MARKETING, "2026-03-07T19:00", "2026-03-09T09:00"),
        (Purpose.MARKETING, "2026-03-08T12:00", "2026-03-09T09:00"),  # a Sunday
        (Purpose.MARKETING, "2026-06-01T09:30", "2026-06-01T10:00"),  # the eve of a holiday
        (Purpose.MARKETING, "2026-06-02T12:00", "2026-06-03T09:00"),  # the holiday
        (Purpose.COLLECTIONS, "2026-03-03T08:00", "2026-03-03T08:30"),
        (Purpose.COLLECTIONS, "2026-03-07T15:00", "2026-03-09T08:30"),
        (Purpose.SERVICE, "2026-03-03T21:00", "2026-03-04T08:00"),
        (Purpose.SERVICE, "2026-12-25T12:00", "2026-12-27T10:00"),  # the 26th is a holiday too
        (Purpose.MANDATORY_NOTICE, "2026-03-08T09:00", "2026-03-08T10:00"),
        (Purpose.SERVICE, "2026-03-28T23:00", "2026-03-29T10:00"),  # summer time begins in that night
    ],
)
def test_outside_its_hours_a_call_waits_for_the_next_opening(purpose: Purpose, when: str, opens: str) -> None:
    verdict = ask(purpose, now=rome(when))
    assert not verdict.allowed
    assert verdict.reason in {Reason.HOURS, Reason.HOLIDAY}
    assert verdict.retry_at == rome(opens)
    assert ask(purpose, now=rome(opens)).allowed


def test_a_holiday_is_named_as_the_reason() -> None:
    assert ask(Purpose.MARKETING, now=rome("2026-06-02T12:00")).reason is Reason.HOLIDAY


def test_an_address_in_another_zone_narrows_the_hours_to_those_open_in_both() -> None:
    assert ask(zone="Atlantic/Azores", now=rome("2026-03-03T09:30")).retry_at == rome("2026-03-03T10:00")
    assert ask(zone="Asia/Tokyo", now=TUESDAY).allowed
    assert ask(zone="Asia/Tokyo", now=rome("2026-03-03T14:00")).retry_at == rome("2026-03-04T08:00")
    assert ask(zone="Mars/Olympus", now=TUESDAY).allowed


def test_hours_that_never_meet_are_said_to_never_open() -> None:
    verdict = ask(hours={"weekday": ["22:00-23:00"]})
    assert (verdict.reason, verdict.retry_at) == (Reason.NEVER_OPEN, None)


def test_a_campaign_narrows_hours_but_cannot_widen_them() -> None:
    narrow: dict[str, Sequence[str]] = {"weekday": ["10:00-12:00", "15:00-23:00"]}
    assert ask(hours=narrow, now=rome("2026-03-03T13:00")).retry_at == rome("2026-03-03T15:00")
    assert ask(hours=narrow, now=rome("2026-03-03T22:00")).retry_at == rome("2026-03-04T10:00")
    with pytest.raises(BadInputError, match="weekday"):
        ask(hours={"weekday": ["25:00-26:00"]})


def past(hours_ago: float, purpose: Purpose = Purpose.SERVICE, *, talked: bool = False) -> PastCall:
    return PastCall(TUESDAY - timedelta(hours=hours_ago), purpose, conversation=talked)


def test_caps_count_over_all_campaigns_and_say_when_there_is_room_again() -> None:
    facts = Facts(history={ANNA: [past(n / 10) for n in range(1, 6)]})
    verdict = ask(facts=facts)
    assert verdict.reason is Reason.CAP
    assert verdict.retry_at == rome("2026-03-04T08:00")
    assert ask(Purpose.MANDATORY_NOTICE, facts=facts).allowed
    assert ask(facts=Facts(history={ANNA: [past(n / 10) for n in range(1, 5)]})).allowed


def test_a_week_is_seven_days_back_and_frees_with_its_oldest_call() -> None:
    facts = Facts(history={ANNA: [past(24 * 7 - 2 - n, Purpose.SERVICE) for n in range(12)]})
    verdict = ask(facts=facts)
    assert verdict.reason is Reason.CAP
    assert verdict.retry_at == TUESDAY + timedelta(hours=2)


def test_for_collections_conversations_count_and_attempts_do_not() -> None:
    tried = Facts(history={ANNA: [past(1, Purpose.COLLECTIONS)]})
    talked = Facts(history={ANNA: [past(1, Purpose.COLLECTIONS, talked=True)]})
    assert ask(Purpose.COLLECTIONS, facts=tried).allowed
    verdict = ask(Purpose.COLLECTIONS, facts=talked)
    assert (verdict.reason, verdict.retry_at) == (Reason.CAP, rome("2026-03-04T08:30"))


def test_yesterday_evening_is_not_today() -> None:
    facts = Facts(history={ANNA: [past(15, Purpose.COLLECTIONS, talked=True)]})
    assert ask(Purpose.COLLECTIONS, facts=facts).allowed


def test_a_number_is_never_rung_twice_at_once_not_even_out_of_one_batch() -> None:
    gate = Gate(PROFILES, country="IT")
    twice = [Candidate(ANNA, Purpose.SERVICE, "none"), Candidate(ANNA, Purpose.SURVEY, "none")]
    first, second = gate.check(twice, Facts(), TUESDAY)
    assert first.allowed
    assert second.reason is Reason.IN_FLIGHT
    assert second.retry_at is not None
    assert second.retry_at > TUESDAY


def test_an_unknown_jurisdiction_is_an_error_not_a_yes() -> None:
    with pytest.raises(UnknownJurisdictionError, match="there are: fr, it, none, uk, us"):
        ask(profile="atlantis")


def test_a_broken_jurisdiction_names_its_file_and_field(tmp_path: Path) -> None:
    (tmp_path / "xx.yaml").write_text(
        "jurisdiction: xx\ntitle: X\nstatus: s\nhours: {service: {weekday: ['9-20']}}\n"
    )
    with pytest.raises(BadInputError, match=r"xx\.yaml: hours\.service\.weekday: .*09:00-20:00"):
        load_profiles(tmp_path)


def test_what_is_law_names_its_source_and_who_confirms_it() -> None:
    italy = PROFILES["it"]
    assert "counsel" in italy.status
    assert italy.sources
    assert all(cap.source for cap in italy.caps)


def test_only_the_latest_numbers_are_kept_in_memory() -> None:
    """An erasure does not reach them there."""
    assert REMEMBERED <= 8192
    try:
        remember(2)
        first = destination(ANNA)
        assert destination(ANNA) is first
        for other in ("+393290000018", "+393290000019"):
            destination(other)
        assert destination(ANNA) is not first
    finally:
        remember(REMEMBERED)
