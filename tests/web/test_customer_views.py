"""What a card reads out of what is known, and times as customers say them. Pure."""

from datetime import UTC, datetime, timedelta

import pytest

from calls import CallState, Direction
from calls.models import Call
from customers import Channel, ContactDirection, ContactSeen
from values import BadInputError, Money
from web.customer.views import NOTE_LETTERS, money_text, note_of, timeline
from web.desk.call import AtHand
from web.desk.callbacks import customer_zone, moment_of
from web.desk.outbox import Outbox

pytestmark = pytest.mark.unit

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minor", "currency", "language", "text"),
    [
        (123450, "EUR", "en", "€1,234.50"),
        (123450, "EUR", "it", "1.234,50\u00a0€"),
        (123450, "EUR", "ru", "1\u202f234,50\u00a0€"),
        (-5, "EUR", "en", "−€0.05"),
        (100, "SEK", "it", "1,00\u00a0SEK"),
    ],
)
def test_amounts_are_written_as_people_of_a_language_do(
    minor: int, currency: str, language: str, text: str
) -> None:
    assert money_text(Money(minor, currency), language) == text


def test_a_huge_note_is_cut_and_says_so() -> None:
    assert not note_of("short").cut
    huge = note_of("x" * 1_000_000)
    assert (len(huge.text), huge.letters, huge.cut) == (NOTE_LETTERS, 1_000_000, True)
    assert note_of(None).text == ""


def test_the_timeline_shows_each_call_once_with_what_was_noted_of_it() -> None:
    contacts = [
        ContactSeen(NOON, Channel.VOICE, ContactDirection.INBOUND, "fault", "solved", "c1"),
        ContactSeen(NOON - timedelta(days=9), Channel.SMS, ContactDirection.OUTBOUND, "invoice", "", ""),
    ]
    calls = [
        Call(
            call_id=name, direction=Direction.INBOUND, state=CallState.ENDED, began=NOON - ago, outcome="busy"
        )
        for name, ago in (("c1", timedelta()), ("c2", timedelta(days=1)))
    ]
    assert [(each.what, each.outcome) for each in timeline(contacts, calls)] == [
        ("fault", "solved"), ("", "busy"), ("invoice", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "local", "at"),
    [
        ("Asia/Dubai", "2026-03-29T18:00", "2026-03-29T14:00"),
        ("Europe/Rome", "2026-03-29T18:00", "2026-03-29T16:00"),
        ("Europe/Rome", "2026-03-29T02:30", "2026-03-29T01:30"),  # the clocks leap over it
        ("Europe/Rome", "2026-03-30T09:00+00:00", "2026-03-30T09:00"),
    ],
)
def test_six_o_clock_is_the_customer_s(zone: str, local: str, at: str) -> None:
    assert moment_of(local, zone, NOON) == datetime.fromisoformat(at).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "local",
    [*("", "soon", "2026-03-28T11:00", "2026-09-01T10:00", "99999-01-01T00:00"), "0001-01-01T00:00+14:00"],
)
def test_a_time_that_cannot_be_promised_is_told(local: str) -> None:
    with pytest.raises(BadInputError) as told:
        moment_of(local, "UTC", NOON)
    assert told.value.field == "callback_at"


@pytest.mark.parametrize(
    ("address", "contact", "number", "zone"),
    [
        ("Asia/Dubai", "Europe/London", "+393290000007", "Asia/Dubai"),
        ("", "Europe/London", "+393290000007", "Europe/London"),
        ("", "", "+393290000007", "Europe/Rome"),
        ("Nowhere/At_all", "", "", "Europe/Paris"),
    ],
)
def test_whose_clock_it_is(address: str, contact: str, number: str, zone: str) -> None:
    assert customer_zone(AtHand(call="c", number=number, zone=contact), address, "Europe/Paris") == zone


async def test_a_slow_page_is_told_only_the_latest_of_each_kind() -> None:
    outbox = Outbox("anna", "en")
    for number in range(1000):
        outbox.put("queues", f"q{number}".encode())
        outbox.put("presence", f"p{number}".encode())
    outbox.put("pop", b"pop")
    assert await outbox.take() == [b"q999", b"p999", b"pop"]
