"""What changed between two versions of a flow, for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ivr.language.model import Flow

_LONGEST = 70


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that is different."""

    place: str
    """`menu.choices.3.to`, '' for all of it."""
    before: str
    """'' when it is new."""
    after: str
    """'' when it is gone."""

    def __str__(self) -> str:
        if not self.before:
            return f"{self.place}: + {self.after}"
        if not self.after:
            return f"{self.place}: - {self.before}"
        return f"{self.place}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class FlowDifference:
    """Two versions side by side."""

    head: tuple[Changed, ...]
    """Outside the steps."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, tuple[Changed, ...]]
    """By step."""

    def __bool__(self) -> bool:
        return bool(self.head or self.added or self.removed or self.changed)

    def lines(self) -> list[str]:
        """The whole as lines of text."""
        lines = [f"  {change}" for change in self.head]
        lines += [f"+ step {name}" for name in self.added]
        lines += [f"- step {name}" for name in self.removed]
        for name, changes in self.changed.items():
            lines += [f"~ step {name}", *(f"    {change}" for change in changes)]
        return lines or ["no difference"]


def difference(before: Flow, after: Flow) -> FlowDifference:
    """What has to be done to `before` to get `after`."""
    old, new = _plain(before), _plain(after)
    old_steps, new_steps = old.pop("steps"), new.pop("steps")
    return FlowDifference(
        head=tuple(_compare(old, new)),
        added=tuple(name for name in new_steps if name not in old_steps),
        removed=tuple(name for name in old_steps if name not in new_steps),
        changed={
            name: tuple(_compare(step, new_steps[name]))
            for name, step in old_steps.items()
            if name in new_steps and step != new_steps[name]
        },
    )


def _plain(flow: Flow) -> dict[str, Any]:
    plain: dict[str, Any] = flow.model_dump(by_alias=True, exclude_defaults=True)
    return plain


def _compare(before: Any, after: Any, place: str = "") -> Iterator[Changed]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(name for name in after if name not in before)]:
            inner = f"{place}.{name}" if place else str(name)
            yield from _compare(before.get(name), after.get(name), inner)
    else:
        yield Changed(place, _shown(before), _shown(after))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        text = ", ".join(f"{name}: {_shown(inner)}" for name, inner in value.items())
    elif isinstance(value, list | tuple):
        text = ", ".join(_shown(inner) for inner in value)
    else:
        text = f'"{value}"' if isinstance(value, str) and " " in value else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
