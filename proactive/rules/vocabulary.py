"""Which values rules may name, by type of fact, and which campaigns and flows there are."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from dialer.models import Campaign, Mode
from ivr.language.model import Flow
from proactive.rules.book import FACT_VALUES, PERSON_VALUES

SPOKEN: Final = frozenset({"language", "slow"})
"""Inputs that every flow has: in which language, and how slowly."""


@dataclass(frozen=True, slots=True)
class FlowInputs:
    """What a flow wants to be started with."""

    needed: frozenset[str]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Guides:
    """What leads through a campaign's calls."""

    flow: str = ""
    script: str = ""
    agents: bool = False
    """Whether agents talk in them: their card shows whatever a contact has."""


def guides_of(campaigns: Iterable[Campaign]) -> Mapping[str, Guides]:
    """What leads through the calls of each of these campaigns, by its name."""
    return {
        each.name: Guides(each.flow, each.script, agents=each.mode is not Mode.AGENTLESS)
        for each in campaigns
    }


def inputs_of(flows: Iterable[Flow]) -> Mapping[str, FlowInputs]:
    """What each of these flows or scripts is started with, by its name."""
    found = {}
    for flow in flows:
        names = frozenset(flow.inputs)
        found[flow.flow] = FlowInputs(needed=names, known=names | SPOKEN)
    return found


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a file of rules is checked against."""

    types: Mapping[str, frozenset[str]]
    """The values of each type of fact: its event's own and those of look-ups."""
    campaigns: Mapping[str, Guides] | None = None
    """Those that are set up, with what each runs; None: not checked."""
    flows: Mapping[str, FlowInputs] = field(default_factory=dict)
    """Those that are known; none: not checked."""
    scripts: Mapping[str, FlowInputs] = field(default_factory=dict)
    """Those of agents that are known."""

    def names(self, types: Collection[str]) -> frozenset[str]:
        """What a rule for these types may name: what all of them have."""
        own = [self.types[each] for each in types if each in self.types]
        shared = frozenset.intersection(*own) if own else frozenset()
        return shared | frozenset(FACT_VALUES) | frozenset(PERSON_VALUES) | {"now"}
