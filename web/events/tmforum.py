"""TM Forum's notifications as our events: TMF622 product orders and TMF621 trouble tickets. Pure.

TMF622 `ProductOrderStateChangeEvent` becomes `order.planned` in the states acknowledged, pending, inProgress,
held and partial once there is a completion date; `order.activated` when completed; `order.cancelled` when
cancelled, rejected or failed. TMF621 `TroubleTicketStatusChangeEvent` (older: `…StateChangeEvent`) becomes
`fault.opened` when acknowledged or inProgress and its line is named; `fault.restored` when resolved;
`fault.closed` when closed, cancelled or rejected.

Other states tell us nothing and are `ignored`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from proactive.events import Refused
from values import HOUSE_ZONE, local_day

Ours = Mapping[str, Any]

_PLANNED: Final = frozenset({"acknowledged", "pending", "inprogress", "held", "partial"})
_OFF: Final = frozenset({"cancelled", "rejected", "failed"})
_OPEN: Final = frozenset({"acknowledged", "inprogress"})
_OVER: Final = frozenset({"closed", "cancelled", "rejected"})
_LINES: Final = ("service", "line", "resource", "product")
_STATES_ORDER: Final = _PLANNED | _OFF | {"completed", "assessingcancellation", "pendingcancellation"}
_STATES_TICKET: Final = _OPEN | _OVER | {"resolved", "pending", "held"}


@dataclass(frozen=True, slots=True)
class Translated:
    """Notifications as ours: those to be read, their places, those that tell us nothing, the wrong ones."""

    events: Sequence[Ours]
    places: Sequence[int]
    ignored: Sequence[str]
    refused: Sequence[Refused]


class _StrangeError(Exception):
    """A field is not as the standard says."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def translate(given: Any, one: Callable[[Mapping[str, Any], Mapping[str, Any]], Ours | None]) -> Translated:
    """One notification, or a list of them, by `order_event` or `ticket_event`."""
    events: list[Ours] = []
    places: list[int] = []
    ignored: list[str] = []
    refused: list[Refused] = []
    for place, each in enumerate(given if isinstance(given, list) else [given]):
        told_id = str(each.get("eventId", ""))[:100] if isinstance(each, Mapping) else ""
        try:
            found = one(_object(each, "body"), _object(_object(each, "body").get("event"), "event"))
        except _StrangeError as problem:
            refused.append(Refused(place, told_id, problem.field, str(problem)))
            continue
        if found is None:
            ignored.append(told_id)
        else:
            events.append(found)
            places.append(place)
    return Translated(events, places, ignored, refused)


def order_event(envelope: Mapping[str, Any], event: Mapping[str, Any]) -> Ours | None:
    """TMF622 ProductOrderStateChangeEvent."""
    order = _object(event.get("productOrder"), "event.productOrder")
    state = _state(order.get("state"), "event.productOrder.state", _STATES_ORDER)
    items = order.get("productOrderItem") or order.get("orderItem") or [{}]
    if not isinstance(items, list):
        raise _StrangeError("event.productOrder.productOrderItem", "is needed as a JSON array")
    product = _object(_object(items[0], "productOrderItem").get("product") or {}, "product")
    common = _common(envelope, order, "event.productOrder") | {
        "order": _text(order, "id", "event.productOrder")
    }
    line = {"line": product["id"]} if isinstance(product.get("id"), str) else {}
    if state in _OFF:
        return {**common, "type": "order.cancelled"}
    if state == "completed":
        done = order.get("completionDate") or envelope.get("eventTime")
        return {**common, **line, "type": "order.activated", "activated": done}
    if state not in _PLANNED:
        return None
    planned = _day(order, ("expectedCompletionDate", "requestedCompletionDate"), "event.productOrder")
    if planned is None:
        return None
    kind = order.get("category")
    return {
        **common, **line, "type": "order.planned", "planned": planned,
        "kind": kind.lower() if isinstance(kind, str) else "activation",
    }  # fmt: skip


def ticket_event(envelope: Mapping[str, Any], event: Mapping[str, Any]) -> Ours | None:
    """TMF621 TroubleTicketStatusChangeEvent, and …StateChangeEvent of older editions."""
    ticket = _object(event.get("troubleTicket"), "event.troubleTicket")
    state = _state(ticket.get("status") or ticket.get("state"), "event.troubleTicket.status", _STATES_TICKET)
    common = _common(envelope, ticket, "event.troubleTicket") | {
        "fault": _text(ticket, "id", "event.troubleTicket")
    }
    if state == "resolved":
        return {**common, "type": "fault.restored"}
    if state in _OVER:
        return {**common, "type": "fault.closed"}
    line = _related(ticket.get("relatedEntity"), _LINES, "event.troubleTicket.relatedEntity")
    if state not in _OPEN or line is None:
        return None
    symptom = ticket.get("ticketType") or ticket.get("type") or "fault"
    return {**common, "type": "fault.opened", "line": line, "symptom": str(symptom)}


def _common(envelope: Mapping[str, Any], thing: Mapping[str, Any], where: str) -> dict[str, Any]:
    source = envelope.get("source") or envelope.get("domain") or "tmforum"
    if isinstance(source, Mapping):
        source = source.get("id") or source.get("name") or "tmforum"
    common = {
        "id": _text(envelope, "eventId", ""),
        "at": _text(envelope, "eventTime", ""),
        "source": str(source)[:80],
    }
    customer = _related(thing.get("relatedParty"), ("customer",), f"{where}.relatedParty")
    if customer is None and thing.get("relatedParty"):
        raise _StrangeError(f"{where}.relatedParty", "none of them has the role customer")
    return common | ({"customer": customer} if customer else {})


def _related(given: Any, roles: Sequence[str], where: str) -> str | None:
    """The id of the first related one with such a role or type."""
    for each in given if isinstance(given, list) else ():
        if not isinstance(each, Mapping):
            continue
        named = next((name for name in ("partyOrPartyRole", "entity") if each.get(name)), "")
        party = _object(each[named], f"{where}.{named}") if named else each
        told = {str(each.get("role", "")).lower(), str(party.get("@referredType", "")).lower()}
        if told & set(roles) and isinstance(party.get("id"), str):
            return str(party["id"])
    return None


def _day(given: Mapping[str, Any], names: Sequence[str], where: str) -> str | None:
    """The day of the first of these dates that is there; of a time its day in the house's zone."""
    name = next((each for each in names if given.get(each)), None)
    if name is None:
        return None
    told = given[name]
    try:
        if len(told) <= len("2026-11-30"):
            return date.fromisoformat(told).isoformat()
        at = datetime.fromisoformat(told)
        return (local_day(at, HOUSE_ZONE) if at.tzinfo else at.date()).isoformat()
    except (TypeError, ValueError, OverflowError):
        raise _StrangeError(f"{where}.{name}", "write a time as in 2026-11-30T09:00:00Z, or a day") from None


def _object(given: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise _StrangeError(field, "is needed, as a JSON object")
    return given


def _text(given: Mapping[str, Any], name: str, where: str) -> str:
    found = given.get(name)
    if not isinstance(found, str) or not found:
        raise _StrangeError(f"{where}.{name}".lstrip("."), "is needed, as a text")
    return found


def _state(given: Any, field: str, known: frozenset[str]) -> str:
    state = given.lower().replace("_", "") if isinstance(given, str) else ""
    if state not in known:
        raise _StrangeError(field, "is none of the standard's states")
    return state
