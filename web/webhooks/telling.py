"""Endpoints and tellings as programs and pages have them. No secret is among them."""

from typing import Any

from messages.webhooks import CHOICES, WebhookDelivery, WebhookEndpoint


def endpoint_told(found: WebhookEndpoint) -> dict[str, Any]:
    """An endpoint without its secret."""
    return {
        "id": found.id,
        "title": found.title,
        "url": found.url,
        "events": list(found.events),
        "active": found.active,
        "stopped_why": found.stopped_why,
        "failures": found.failures,
        "failing_since": found.failing_since,
        "old_secret_until": found.old_until,
        "created": found.created,
        "created_by": found.created_by,
    }


def delivery_told(found: WebhookDelivery) -> dict[str, Any]:
    """Where one event stands with an endpoint."""
    return {
        "event": found.event_id,
        "kind": found.kind,
        "at": found.at,
        "state": found.state,
        "tries": found.tries,
        "next_at": found.next_at if found.state.value == "waiting" else None,
        "done": found.done,
        "status": found.status,
        "said": found.said,
    }


def kinds_told() -> list[dict[str, Any]]:
    """What can be wanted."""
    return [{"name": each.name, "says": each.says, "fields": list(each.fields)} for each in CHOICES]
