"""Each law's table: abandoned calls, ringing, pauses, registers, consent, refusals, money."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.gate import (
    BLOCKS,
    AbandonCounts,
    Candidate,
    Facts,
    Gate,
    Held,
    NumberKind,
    PastCall,
    Purpose,
    Reason,
    Suppression,
    Verdict,
    abandoned_share,
    campaign_problem,
    destination_problem,
    exhausted,
    hung_up_early,
    load_profiles,
    load_tariff,
    of_completed,
    of_live,
    ring_problem,
    window_start,
    with_detection,
    without_detection,
)
from values import BadInputError

pytestmark = pytest.mark.unit

PROFILES = load_profiles()
TARIFF = load_tariff()
CLOCKS = {
    "it": "Europe/Rome",
    "uk": "Europe/London",
    "us": "America/New_York",
    "fr": "Europe/Paris",
    "none": "UTC",
}
NUMBERS = {
    "it": "+393290000017",
    "uk": "+442079460018",
    "us": "+12125550123",
    "fr": "+33142680017",
    "none": "+393290000017",
}
EVERYBODY = frozenset(("c", purpose) for purpose in Purpose)


def local(profile: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(CLOCKS[profile])).astimezone(UTC)


def ask(
    profile: str,
    purpose: Purpose = Purpose.MARKETING,
    *,
    when: str = "2026-03-03T11:00",
    facts: Facts | None = None,
    calls: list[PastCall] | None = None,
    agent: bool | None = None,
    gate: Gate | None = None,
    **words: object,
) -> Verdict:
    """A call on a Tuesday morning; `agent`: an agent talks, and whether one is certain to be there."""
    now = local(profile, when)
    number = NUMBERS[profile]
    fresh = {rule.name: now for rule in PROFILES[profile].registers}
    facts = facts or Facts(consents=EVERYBODY)
    facts = replace(facts, registers=facts.registers or fresh, history={number: calls or []})
    candidate = Candidate(
        number, purpose, profile, caller_id="+390650000611", customer_id="c", campaign="offers",
        automated=agent is None, guaranteed_agent=agent is not False,
    )  # fmt: skip
    candidate = replace(candidate, **words)  # type: ignore[arg-type]
    return (gate or Gate(PROFILES, country="IT")).check([candidate], facts, now)[0]


@pytest.mark.parametrize("profile", sorted(PROFILES))
@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_law_lets_a_lawful_call_pass(profile: str, purpose: Purpose) -> None:
    assert ask(profile, purpose).allowed


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_law_names_its_sources_and_who_confirms_it(profile: str) -> None:
    law = PROFILES[profile]
    if profile == "none":
        assert "no statement" in law.status
        return
    assert "counsel" in law.status
    assert all(limit.source for limit in [*law.caps, *law.gaps, *law.registers, *law.after_refusal])
    assert all(law.source_of(f"hours.{purpose}") for purpose in law.hours)
    assert law.abandonment
    assert law.abandonment.source


@pytest.mark.parametrize(
    ("profile", "when", "opens"),
    [
        ("us", "2026-03-03T07:59", "2026-03-03T08:00"),
        ("us", "2026-03-03T21:00", "2026-03-04T08:00"),
        ("us", "2026-03-08T21:00", "2026-03-09T08:00"),  # clocks changed that night
        ("fr", "2026-03-03T09:59", "2026-03-03T10:00"),
        ("fr", "2026-03-03T13:00", "2026-03-03T14:00"),
        ("fr", "2026-03-06T20:00", "2026-03-09T10:00"),  # no Saturday, no Sunday
        ("fr", "2026-07-14T11:00", "2026-07-15T10:00"),  # the holiday
        ("it", "2026-03-07T19:00", "2026-03-09T09:00"),
    ],
)
def test_marketing_waits_for_the_hours_of_its_law(profile: str, when: str, opens: str) -> None:
    assert ask(profile, when=when).retry_at == local(profile, opens)
    assert ask(profile, when=opens).allowed


def test_the_formulas_give_what_the_laws_say() -> None:
    assert without_detection(29, 9, 7) == pytest.approx(0.6444, abs=1e-4)
    assert of_live(3, 97) == 0.03
    assert of_completed(3, 100) == 0.03
    assert with_detection(1, 2, 97) == 0.03
    assert with_detection(0, 3, 97) == 0.03  # false positives alone use the whole budget


def test_nothing_to_divide_by_is_no_share_at_all() -> None:
    assert of_live(0, 0) is None
    assert of_completed(2, 0) is None
    assert with_detection(0, 0, 0) is None
    assert without_detection(0, 0, 5) is None


@pytest.mark.parametrize(
    ("profile", "counts", "share"),
    [
        ("us", AbandonCounts(abandoned=3, connected=97, false_positives=50), 0.03),
        ("it", AbandonCounts(abandoned=3, connected=100), 0.03),
        ("it", AbandonCounts(abandoned=3, connected=97, completed=60), 0.05),
        ("uk", AbandonCounts(abandoned=1, connected=97, false_positives=2, detection=True), 0.03),
        ("uk", AbandonCounts(abandoned=29, connected=9, machines=7), 0.6444),
        ("uk", AbandonCounts(abandoned=3, connected=97), 0.03),
        ("fr", AbandonCounts(), None),
    ],
)
def test_each_law_counts_by_its_own_formula(profile: str, counts: AbandonCounts, share: float | None) -> None:
    rule = PROFILES[profile].abandonment
    assert rule
    found = abandoned_share(rule.formula, counts)
    assert found is None if share is None else found == pytest.approx(share, abs=1e-4)


@given(
    a=st.integers(0, 500),
    y=st.integers(0, 500),
    f=st.integers(0, 50),
    m=st.integers(0, 500),
    amd=st.booleans(),
)
def test_no_share_leaves_its_bounds(a: int, y: int, f: int, m: int, amd: bool) -> None:
    counts = AbandonCounts(abandoned=a, connected=y, false_positives=f, machines=m, detection=amd)
    for law in PROFILES.values():
        assert law.abandonment
        share = abandoned_share(law.abandonment.formula, counts)
        assert share is None or 0 <= share <= (1 if law.jurisdiction != "it" else a)


def test_a_first_abandoned_call_does_not_end_the_day_and_a_fourth_does() -> None:
    rule = PROFILES["it"].abandonment
    assert rule
    assert not exhausted(rule, AbandonCounts(abandoned=3, connected=10))
    assert exhausted(rule, AbandonCounts(abandoned=4, connected=10))
    assert not exhausted(rule, AbandonCounts(abandoned=30, connected=1000))
    assert exhausted(rule, AbandonCounts(abandoned=31, connected=1000))


def test_each_law_counts_over_its_own_window() -> None:
    now = local("us", "2026-05-05T11:00")
    began = local("us", "2026-03-01T00:00")
    us, it = PROFILES["us"].abandonment, PROFILES["it"].abandonment
    assert us
    assert it
    assert window_start(us, now, "UTC", began) == began + timedelta(days=60)
    assert window_start(us, began + timedelta(days=29), "UTC", began) == began
    assert window_start(us, now, "UTC", None) == now - timedelta(days=30)
    assert window_start(it, now, "Europe/Rome", began) == local("it", "2026-05-05T00:00")


def test_the_clock_to_the_agent_begins_where_the_law_says() -> None:
    told = {
        name: (law.abandonment.seconds, law.abandonment.begins.value, law.abandonment.meanwhile.value)
        for name, law in PROFILES.items()
        if law.abandonment
    }
    assert told["it"] == (3.0, "answer", "comfort_noise")
    assert told["uk"] == (2.0, "greeting_start", "silence")
    assert told["us"] == (2.0, "greeting_end", "silence")
    uk = PROFILES["uk"].abandonment
    assert uk
    assert uk.message
    assert hung_up_early(uk, 14.9)
    assert not hung_up_early(uk, 15)


def test_too_many_abandoned_calls_stop_all_but_those_with_a_certain_agent() -> None:
    facts = Facts(consents=EVERYBODY, abandoned={"offers": AbandonCounts(abandoned=5, connected=100)})
    stopped = ask("it", agent=False, facts=facts)
    assert stopped.reason is Reason.ABANDONMENT
    assert "5.00%" in stopped.words
    assert stopped.retry_at == local("it", "2026-03-03T11:30")
    assert ask("it", agent=True, facts=facts).allowed
    assert ask("it", facts=facts).allowed  # a flow answers: nobody is abandoned
    assert ask("it", agent=False, facts=facts, campaign="another").allowed


def abandoned(hours_ago: float, profile: str = "it") -> PastCall:
    at = local(profile, "2026-03-03T11:00") - timedelta(hours=hours_ago)
    return PastCall(at, Purpose.SERVICE, abandoned=True)


def test_after_an_abandoned_call_the_uk_waits_three_days_unless_an_agent_is_certain() -> None:
    verdict = ask("uk", agent=False, calls=[abandoned(2, "uk")])
    assert (verdict.reason, verdict.retry_at) == (Reason.GAP, local("uk", "2026-03-06T09:00"))
    assert ask("uk", agent=True, calls=[abandoned(2, "uk")]).allowed
    assert ask("uk", agent=False, calls=[abandoned(72, "uk")]).allowed
    assert ask("uk", Purpose.MANDATORY_NOTICE, agent=False, calls=[abandoned(2, "uk")]).allowed


def test_italy_waits_five_days_and_then_wants_a_certain_agent() -> None:
    for agent in (True, False):
        assert ask("it", agent=agent, calls=[abandoned(119)]).reason is Reason.GAP
    assert ask("it", agent=True, calls=[abandoned(120)]).allowed
    assert ask("it", agent=False, calls=[abandoned(120)]).reason is Reason.AGENT_NEEDED
    talked = PastCall(local("it", "2026-03-03T08:00"), Purpose.SERVICE, conversation=True)
    assert ask("it", agent=False, calls=[abandoned(120), talked]).allowed


def test_a_detected_machine_keeps_the_number_for_the_day_unless_an_agent_is_certain() -> None:
    machine = PastCall(local("uk", "2026-03-03T09:30"), Purpose.SERVICE, machine=True)
    assert ask("uk", agent=False, calls=[machine]).reason is Reason.GAP
    assert ask("uk", agent=True, calls=[machine]).allowed
    assert ask("uk", agent=False, calls=[machine], when="2026-03-04T09:00").allowed


def test_france_asks_nobody_again_for_sixty_days_after_a_no() -> None:
    no = PastCall(local("fr", "2026-01-10T11:00"), Purpose.MARKETING, declined=True, conversation=True)
    verdict = ask("fr", calls=[no])
    assert (verdict.reason, verdict.retry_at) == (Reason.AFTER_REFUSAL, local("fr", "2026-03-11T11:00"))
    assert ask("fr", Purpose.SERVICE, calls=[no]).allowed
    assert ask("fr", calls=[no], when="2026-03-11T11:00").allowed


def test_france_tries_four_times_in_thirty_days() -> None:
    tried = [PastCall(local("fr", f"2026-02-{day}T11:00"), Purpose.MARKETING) for day in (10, 12, 16, 18)]
    verdict = ask("fr", calls=tried)
    assert (verdict.reason, verdict.retry_at) == (Reason.CAP, local("fr", "2026-03-12T11:00"))
    assert ask("fr", calls=tried[:3]).allowed


@pytest.mark.parametrize(
    ("profile", "register", "days"), [("it", "rpo", 15), ("uk", "tps", 28), ("us", "us_dnc", 31)]
)
def test_a_register_must_be_there_and_fresh(profile: str, register: str, days: int) -> None:
    now = local(profile, "2026-03-03T11:00")
    for dated, fresh in (
        (now - timedelta(days=days) + timedelta(seconds=1), True),
        (now - timedelta(days=days), False),
    ):
        verdict = ask(profile, facts=Facts(consents=EVERYBODY, registers={register: dated}))
        assert verdict.allowed == fresh
    assert verdict.reason is Reason.REGISTER_STALE
    assert verdict.retry_at == now + timedelta(hours=1)
    assert (
        ask(profile, facts=Facts(consents=EVERYBODY, registers={"other": now})).reason
        is Reason.REGISTER_STALE
    )
    assert ask(profile, Purpose.SERVICE, facts=Facts(registers={"other": now})).allowed


def test_who_stands_in_a_register_is_called_for_all_but_its_purposes() -> None:
    facts = Facts(consents=EVERYBODY, registered={NUMBERS["it"]: ["rpo"]})
    refused = {purpose for purpose in Purpose if not ask("it", purpose, facts=facts).allowed}
    assert refused == {Purpose.MARKETING}


@given(purpose=st.sampled_from(list(Purpose)), entries=st.sets(st.sampled_from(list(Suppression))))
def test_the_matrix_decides_and_nothing_else(purpose: Purpose, entries: set[Suppression]) -> None:
    facts = Facts(suppressions={NUMBERS["none"]: sorted(entries)})
    stopped = any(purpose in BLOCKS[entry] for entry in entries)
    assert ask("none", purpose, facts=facts).allowed != stopped
    if purpose is Purpose.MANDATORY_NOTICE:
        assert stopped == (Suppression.NOT_THEIRS in entries)


@given(
    purpose=st.sampled_from(list(Purpose)),
    what=st.sampled_from([each for each in Suppression if each is not Suppression.NOT_THEIRS]),
    hours=st.one_of(st.none(), st.integers(-48, 48)),
)
def test_a_hold_stops_what_its_word_stops_and_no_notice(
    purpose: Purpose, what: Suppression, hours: int | None
) -> None:
    now = local("none", "2026-03-03T11:00")
    until = None if hours is None else now + timedelta(hours=hours)
    verdict = ask("none", purpose, facts=Facts(holds={"c": [Held(what, "dispute", until)]}))
    stopped = purpose in BLOCKS[what] and (hours is None or hours > 0)
    assert verdict.allowed != stopped
    if stopped:
        assert (verdict.reason, verdict.retry_at) == (Reason.HOLD, until or now + timedelta(days=1))
    assert verdict.allowed or purpose is not Purpose.MANDATORY_NOTICE


def test_an_automated_offer_needs_consent_where_one_by_an_agent_does_not() -> None:
    assert ask("uk", facts=Facts()).reason is Reason.NO_CONSENT
    assert ask("uk", agent=True, facts=Facts()).allowed
    assert ask("it", agent=True, facts=Facts()).reason is Reason.NO_CONSENT


def test_a_call_that_would_ring_too_shortly_is_refused_at_set_up_and_by_the_gate() -> None:
    assert ask("uk", ring_seconds=14).reason is Reason.RING
    assert ask("uk", ring_seconds=15).allowed
    assert ring_problem(PROFILES["uk"], Purpose.MARKETING, 14)
    assert ring_problem(PROFILES["none"], Purpose.MARKETING, 1) is None
    problem = campaign_problem(PROFILES["uk"], Purpose.MARKETING, ring_seconds=14, caller_ids=["+44"])
    assert problem
    assert problem.field == "ring_seconds"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"caller_ids": [""]}, "caller_id"),
        ({"max_abandon": 0.04}, "max_abandon"),
        ({"max_abandon": -0.1}, "max_abandon"),
        ({"hours": {"weekday": ["22:00-23:00"]}}, "hours"),
    ],
)
def test_impossible_settings_are_refused_with_their_field(words: dict[str, object], field: str) -> None:
    given = {"ring_seconds": 30.0, "caller_ids": ["+39"], "now": local("it", "2026-03-03T11:00")} | words
    problem = campaign_problem(PROFILES["it"], Purpose.SERVICE, **given)  # type: ignore[arg-type]
    assert problem
    assert problem.field == field
    fine = {"ring_seconds": 30.0, "caller_ids": ["+39"], "max_abandon": 0.03}
    assert campaign_problem(PROFILES["it"], Purpose.SERVICE, **fine) is None  # type: ignore[arg-type]


def test_money_lasts_for_the_day_and_is_counted_within_a_batch() -> None:
    gate = Gate(PROFILES, country="IT", tariff=TARIFF)
    now = local("it", "2026-03-03T11:00")
    one, two = (
        Candidate(number, Purpose.SERVICE, "none", campaign="offers", spend_limit=10)
        for number in ("+393290000017", "+393290000018")
    )
    first, second = gate.check([one, two], Facts(spent={"offers": 7}), now)
    assert first.allowed
    assert (second.reason, second.retry_at) == (Reason.SPEND, local("it", "2026-03-04T00:00"))
    assert gate.standing(replace(one, number=""), Facts(spent={"offers": 10}), now).reason is Reason.SPEND
    assert gate.standing(replace(one, number=""), Facts(spent={"offers": 9}), now).allowed


@pytest.mark.parametrize(
    ("number", "seconds", "cost"),
    [
        ("+393290000017", 0, 0),
        ("+393290000017", 1, 1),
        ("+393290000017", 60, 2),
        ("+393290000017", 600, 12),
        ("+390650000611", 600, 6),
        ("+12125550123", 61, 1),
        ("+81312345678", 61, 130),  # anywhere else: a connection and two whole minutes
        ("nonsense", 1, 70),
    ],
)
def test_a_call_costs_what_the_tariff_says(number: str, seconds: float, cost: int) -> None:
    assert TARIFF.cost_of(number, seconds) == cost
    assert "example" in TARIFF.status


def test_a_tariff_must_have_a_price_for_every_call(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text("tariff: x\nstatus: y\ncurrency: EUR\nrates: [{country: IT, minute: 1}]\n")
    with pytest.raises(BadInputError, match=r"prices\.yaml: .*last rate"):
        load_tariff(file)


def test_kinds_of_numbers_that_a_law_refuses_are_refused_to_transfers_too() -> None:
    free = "+39800123456"
    assert destination_problem(free, {"IT"}) is None
    verdict = destination_problem(free, {"IT"}, {NumberKind.FREE})
    assert verdict
    assert verdict.reason is Reason.KIND
    assert destination_problem("+39899123456", {"IT"}) is not None
    assert destination_problem("112", {"IT"}) is not None


def test_the_longest_wait_decides_and_ends_within_the_hours() -> None:
    """An abandoned call and a used-up cap: the later of both, and not on a Sunday."""
    calls = [abandoned(1), PastCall(local("it", "2026-03-03T09:00"), Purpose.MARKETING)]
    verdict = ask("it", agent=True, calls=calls)
    assert (verdict.reason, verdict.retry_at) == (Reason.GAP, local("it", "2026-03-09T09:00"))
