"""Whose law holds for a house's calls."""

from centralino.settings import Settings


def profile_of(settings: Settings) -> str:
    """The jurisdiction that holds: as set, else the country's, else none inside the simulated town."""
    if settings.jurisdiction:
        return settings.jurisdiction
    towns_own = settings.city == "on" and settings.trunk is None and not settings.trunks
    return "none" if towns_own else settings.country.lower()
