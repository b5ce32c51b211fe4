"""Where and when it is open: zone keys, clock changes, numbers that may be anywhere, holidays of regions."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.gate import (
    NEVER,
    Candidate,
    Facts,
    Gate,
    Jurisdiction,
    Purpose,
    load_profiles,
    open_now,
    zones_key,
)
from dialer.gate.calendar import Calendar, DayKind
from dialer.gate.days import midnight_after, midnight_before
from dialer.gate.hours import Hours, clock_change, is_open, next_open, read_hours
from values import BadInputError

pytestmark = pytest.mark.unit

PROFILES = load_profiles()
ITALY, AMERICA = PROFILES["it"], PROFILES["us"]
MOBILE, LANDLINE_OF_ROME = "+393290000017", "+390650000611"
EVERY_DAY = Calendar()
ROME, NEW_YORK, HONOLULU = "Europe/Rome", "America/New_York", "Pacific/Honolulu"


def at(text: str, zone: str = ROME) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_a_key_names_every_zone_by_number_and_address_in_one_order() -> None:
    assert zones_key(LANDLINE_OF_ROME, "", ITALY.zones) == ROME
    assert zones_key(LANDLINE_OF_ROME, "Atlantic/Azores", ITALY.zones) == f"Atlantic/Azores,{ROME}"
    assert zones_key(LANDLINE_OF_ROME, "Mars/Olympus", ITALY.zones) == ROME


def test_a_number_that_says_no_zone_may_be_anywhere_in_the_jurisdiction() -> None:
    assert zones_key("+390000", "", ITALY.zones) == ROME
    assert zones_key("", "", ["America/Adak", NEW_YORK]) == f"America/Adak,{NEW_YORK}"
    assert zones_key("", "", []) == ""


def test_a_free_number_of_a_wide_country_is_called_when_it_is_open_in_all_of_it() -> None:
    anywhere = zones_key("", "", AMERICA.zones)
    noon = at("2026-03-03T13:00", NEW_YORK)  # eight in Honolulu
    early = noon - timedelta(minutes=1)
    keys = [anywhere, NEW_YORK, ""]
    assert open_now(AMERICA, Purpose.MARKETING, {}, keys, noon) == {anywhere: None, NEW_YORK: None, "": None}
    assert open_now(AMERICA, Purpose.MARKETING, {}, keys, early) == {anywhere: noon, NEW_YORK: None, "": noon}


def test_a_closed_key_tells_its_next_opening_and_one_that_never_opens_says_never() -> None:
    night = at("2026-03-03T22:00")
    assert open_now(ITALY, Purpose.SERVICE, {}, [ROME], night) == {ROME: at("2026-03-04T08:00")}
    at_night_only = {"weekday": ["22:00-23:00"]}
    assert open_now(ITALY, Purpose.SERVICE, at_night_only, [ROME], night) == {ROME: NEVER}
    with pytest.raises(BadInputError, match="weekday"):
        open_now(ITALY, Purpose.SERVICE, {"weekday": ["9-20"]}, [ROME], night)


def test_a_jurisdiction_without_hours_is_always_open() -> None:
    assert open_now(PROFILES["none"], Purpose.MARKETING, {}, ["", ROME], at("2026-12-25T03:00")) == {
        "": None,
        ROME: None,
    }


@given(
    minute=st.integers(0, 60 * 24 * 365),
    number=st.sampled_from([MOBILE, LANDLINE_OF_ROME]),
    zone=st.sampled_from(["", ROME, "Atlantic/Azores", "Asia/Tokyo"]),
    purpose=st.sampled_from(list(Purpose)),
)
@settings(max_examples=200, deadline=None)
def test_claims_and_the_gate_agree_at_every_minute_of_a_year(
    minute: int, number: str, zone: str, purpose: Purpose
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    key = zones_key(number, zone, ITALY.zones)
    opens = open_now(ITALY, purpose, {}, [key], now)[key]
    facts = Facts(consents=frozenset({("c", Purpose.MARKETING)}), registers={"rpo": now})
    candidate = Candidate(number, purpose, "it", caller_id=LANDLINE_OF_ROME, customer_id="c", zone=zone)
    (verdict,) = Gate(PROFILES, country="IT").check([candidate], facts, now)
    assert verdict.allowed == (opens is None)
    assert verdict.retry_at == opens or (opens == NEVER and verdict.retry_at is None)
    if opens not in {None, NEVER}:
        assert opens is not None
        assert open_now(ITALY, purpose, {}, [key], opens)[key] is None
        assert open_now(ITALY, purpose, {}, [key], opens - timedelta(seconds=1))[key] == opens


NIGHT = Hours.model_validate({day: ["01:00-02:30"] for day in ("weekday", "sunday", "saturday")})


def minutes_open(hours: Hours, day: date, zone: str) -> int:
    begin = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    return sum(is_open([hours], [zone], EVERY_DAY, begin + timedelta(minutes=n)) for n in range(25 * 60))


def test_in_the_night_of_25_hours_the_wall_opens_twice() -> None:
    assert minutes_open(NIGHT, date(2026, 10, 24), ROME) == 90
    assert minutes_open(NIGHT, date(2026, 10, 25), ROME) == 120
    closed = datetime(2026, 10, 25, 0, 40, tzinfo=UTC)  # 02:40, still summer time
    assert not is_open([NIGHT], [ROME], EVERY_DAY, closed)
    change = clock_change(ROME, date(2026, 10, 25))
    assert change == datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert next_open([NIGHT], [ROME], EVERY_DAY, closed) == change
    late = Hours(sunday=((150, 180),))  # 02:30-03:00 comes twice
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert next_open([late], [ROME], EVERY_DAY, first - timedelta(hours=3)) == first
    assert next_open([late], [ROME], EVERY_DAY, change) == second


def test_a_window_that_begins_in_the_lost_hour_opens_when_the_clocks_are_changed() -> None:
    lost = Hours(sunday=((150, 240),))  # 02:30-04:00, and there is no 02:30
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert next_open([lost], [ROME], EVERY_DAY, before) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    gone = Hours(sunday=((120, 180),))  # the lost hour itself: a week later
    assert next_open([gone], [ROME], EVERY_DAY, before) == at("2026-04-05T02:00")


def test_a_day_has_23_or_25_hours_when_the_clocks_are_changed() -> None:
    for day, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)):
        noon = at(f"{day}T12:00")
        assert midnight_after(noon, ROME) - midnight_before(noon, ROME) == timedelta(hours=hours)


def test_a_cap_on_a_day_ends_with_its_midnight_in_the_long_night_too() -> None:
    now = at("2026-10-25T18:00")
    survey = Jurisdiction.model_validate(
        {
            "jurisdiction": "x", "title": "X", "status": "", "zones": [ROME],
            "caps": [{"counts": "attempts", "most": 0, "days": 1}],
        }
    )  # fmt: skip
    (verdict,) = Gate({"x": survey}, country="IT").check(
        [Candidate(MOBILE, Purpose.SURVEY, "x")], Facts(), now
    )
    assert not verdict.allowed


def test_regional_holidays_count_where_the_profile_names_the_regions() -> None:
    the_twelfth = date(2026, 7, 13)  # a holiday in Northern Ireland, the 12th being a Sunday
    assert PROFILES["uk"].calendar.kind(the_twelfth) is DayKind.HOLIDAY
    assert Calendar("GB", ("ENG",)).kind(the_twelfth) is DayKind.WEEKDAY
    assert Calendar("IT", (), frozenset({date(2026, 6, 29)})).kind(date(2026, 6, 29)) is DayKind.HOLIDAY


def test_a_region_nobody_knows_is_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match="Atlantis"):
        Jurisdiction.model_validate(
            {
                "jurisdiction": "x",
                "title": "X",
                "status": "",
                "holidays": "IT",
                "holiday_regions": ["Atlantis"],
            }
        )


@given(after=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
@settings(max_examples=100, deadline=None)
def test_no_opening_is_ever_missed(after: datetime) -> None:
    hours = [read_hours({"weekday": ["10:00-13:00", "14:00-20:00"], "saturday": ["00:00-03:00"]})]
    zones = [ROME, NEW_YORK]
    found = next_open(hours, zones, EVERY_DAY, after)
    assert found is not None
    assert is_open(hours, zones, EVERY_DAY, found)
    step, instant = timedelta(minutes=15), after
    while instant < found:
        assert not is_open(hours, zones, EVERY_DAY, instant)
        instant += step
