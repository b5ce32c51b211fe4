"""A customer as a page shows them. Pure: what is known in, what is read out; escaping is the template's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from calls.models import Call
from customers import ContactSeen, InvoiceCard, InvoiceState, LineStatus, Portrait
from values import Money

Words = Callable[..., str]
"""`t` of the page's language."""

TIMELINE: Final = 12
NAME_LETTERS: Final = 120
NOTE_LETTERS: Final = 1200
"""Longer notes are cut here, and it is said how long they are."""
_SIGNS: Final[Mapping[str, str]] = {"EUR": "€", "USD": "$", "GBP": "£", "RUB": "₽", "CHF": "CHF"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline."""

    at: datetime
    kind: str
    """`inbound`, `outbound`: who turned to whom."""
    channel: str
    what: str
    """Why; '' for a call of which nobody noted it."""
    outcome: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Note:
    """A text of somebody's, as much of it as a card bears."""

    text: str
    letters: int
    """How many it has in all."""

    @property
    def cut(self) -> bool:
        """Whether some of it is left out."""
        return self.letters > len(self.text)


def note_of(text: object) -> Note:
    """Anything that was written down, bounded."""
    whole = str(text or "")
    return Note(whole[:NOTE_LETTERS], len(whole))


def card_view(seen: Portrait, calls: Sequence[Call], today: date, language: str) -> dict[str, Any]:
    """All that the card shows."""
    months = seen.months_left(today)
    return {
        "id": seen.card.id,
        "name": note_of(seen.card.name).text[:NAME_LETTERS],
        "tier": seen.card.tier.value,
        "language": seen.card.language,
        "slow_speech": seen.card.slow_speech,
        "zone": seen.card.zone,
        "numbers": [(each.number, each.line_type.value) for each in seen.numbers],
        "months_left": months,
        "ends_soon": months is not None and months <= _SOON,
        "spend": [money_text(each, language) for each in seen.spend],
        "owes": [money_text(each, language) for each in seen.balance.amounts] if seen.balance else [],
        "owes_since": seen.balance.due if seen.balance else None,
        "overdue": bool(seen.balance and seen.balance.due < today),
        "lines": [
            {
                "id": line.id,
                "service": line.service,
                "status": line.status.value,
                "until": line.contract_until,
                "good": line.status is LineStatus.ACTIVE,
            }
            for line in seen.lines
        ],
        "invoices": [_invoice(each, today, language) for each in seen.invoices],
        "faults": seen.faults,
        "orders": seen.orders,
        "consents": seen.consents,
        "timeline": timeline(seen.contacts, calls),
    }


_SOON: Final = 3
"""Months: a contract that ends so soon is worth a word."""


def _invoice(invoice: InvoiceCard, today: date, language: str) -> dict[str, Any]:
    late = invoice.open.minor > 0 and invoice.due < today
    state = "overdue" if late and invoice.state is not InvoiceState.CANCELLED else invoice.state.value
    return {
        "id": invoice.id,
        "issued": invoice.issued,
        "due": invoice.due,
        "amount": money_text(invoice.amount, language),
        "open": money_text(invoice.open, language) if invoice.open.minor else "",
        "state": state,
        "late": late,
    }


def timeline(contacts: Sequence[ContactSeen], calls: Sequence[Call]) -> list[Happening]:
    """What happened last, the latest first: contacts that were noted, and calls of which nothing was."""
    noted = {each.call_id for each in contacts if each.call_id}
    happened = [
        Happening(each.at, each.direction.value, each.channel.value, each.reason, each.outcome, each.call_id)
        for each in contacts
    ]
    happened += [
        Happening(call.began, call.direction.value, "voice", "", call.outcome, call.call_id)
        for call in calls
        if call.call_id not in noted
    ]
    return sorted(happened, key=lambda each: each.at, reverse=True)[:TIMELINE]


def money_text(money: Money, language: str) -> str:
    """An amount as people of a language write it: €1,234.50, 1.234,50 €, 1 234,50 €."""
    whole, cents = divmod(abs(money.minor), 100)
    sign = _SIGNS.get(money.currency, money.currency)
    minus = "−" if money.minor < 0 else ""
    grouped = f"{whole:,}"
    if language == "en":
        return f"{minus}{sign}{grouped}.{cents:02d}"
    grouped = grouped.replace(",", "." if language == "it" else "\u202f")
    return f"{minus}{grouped},{cents:02d}\u00a0{sign}"
