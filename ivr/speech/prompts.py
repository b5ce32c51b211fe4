"""Every prompt of a flow, with the key that names its recorded files. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.language import Flow, Said
from ivr.language import prompts_of as texts_of
from ivr.language.model import FlowKind

_LEFT_OUT = frozenset({"menu", "ask", "rate", "record", "says", "else"})


@dataclass(frozen=True, slots=True)
class PromptPlace:
    """One prompt where it stands in a flow."""

    flow: str
    step: str
    slot: str
    """Where in the step: `say`, `greeting`, `no_input.1`, …"""
    texts: Mapping[str, str]
    """The text by language."""

    @property
    def key(self) -> str:
        """`flow.step.slot`: the name of its recorded files, as the runner asks for them."""
        return f"{self.flow}.{self.step}.{self.slot}"


def prompts_of(flow: Flow) -> Iterator[PromptPlace]:
    """All prompts of a flow, in the order in which they are written; a script is read, not heard."""
    if flow.kind is FlowKind.SCRIPT:
        return
    for step, said in texts_of(flow):
        yield PromptPlace(flow.flow, step, _slot(said), said.prompt)


def _slot(said: Said) -> str:
    # where it stands in the file, in short: ("menu", "no_input", "says", 0) is no_input.1
    return ".".join(
        str(part + 1) if isinstance(part, int) else part for part in said.path if part not in _LEFT_OUT
    )
