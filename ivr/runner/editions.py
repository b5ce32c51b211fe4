"""What is published at one moment: the flows a call begins with, and keeps to its end."""

from collections.abc import Iterable, Mapping

from ivr.language.model import Flow
from ivr.runner.prepared import PreparedFlow, prepare
from values import CentralinoError


class UnknownFlowError(CentralinoError):
    """No such flow is published."""

    error_id = "unknown-flow"


class Edition:
    """All published flows as they stood together. Never changes; publishing makes a new one.

    A call takes the newest when it begins and its sub-flows come from the same one, so whatever is published
    meanwhile, the call meets only flows that were checked together.
    """

    def __init__(
        self,
        number: int,
        published: Mapping[str, PreparedFlow],
        versions: Mapping[str, PreparedFlow] | None = None,
    ) -> None:
        self.number = number
        self.published = published
        self._versions = versions if versions is not None else {}

    def flow(self, name: str, version: str = "") -> PreparedFlow:
        """The published version, or the one with this hash. Raises `UnknownFlowError`."""
        found = self.published.get(name)
        if version and (found is None or found.version != version):
            found = self._versions.get(version)
        if found is None:
            pinned = f" in version {version}" if version else ""
            there = ", ".join(sorted(self.published)) or "none"
            raise UnknownFlowError(f"there is no flow {name!r}{pinned}; published are: {there}")
        return found


class Shelf:
    """A library of a few flows that never change, for the text player, scenarios and tests."""

    def __init__(self, flows: Iterable[Flow], versions: Mapping[str, str] | None = None) -> None:
        """`versions` gives the hash by flow name, where there is one."""
        hashes = versions or {}
        prepared = [prepare(flow, hashes.get(flow.flow, "")) for flow in flows]
        self._edition = Edition(0, {flow.name: flow for flow in prepared})

    def edition(self, number: int | None = None) -> Edition:  # noqa: ARG002  (there is only one)
        """The flows."""
        return self._edition
