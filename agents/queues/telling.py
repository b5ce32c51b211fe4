"""Self-service figures as JSON has them. Pure."""

from agents.queues.kpis import SelfService, containment, resolution


def told_self_service(each: SelfService) -> dict[str, float | int | None]:
    """Counts and ratios from 0 to 1; None for n/a."""
    return {
        "calls": each.calls,
        "contained": each.contained,
        "resolved": each.resolved,
        "settled": each.settled,
        "containment": containment(each),
        "self_service_resolution": resolution(each),
    }
