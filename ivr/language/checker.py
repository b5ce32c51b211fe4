"""The static proof of a flow: what could go wrong on the line is found before anybody calls."""

from collections.abc import Collection, Mapping

from ivr.actions import Actions
from ivr.language.loader import LoadedFlow
from ivr.language.model import Flow
from ivr.language.problems import Problem, worst_first
from ivr.language.proof.keypad import prove_keys
from ivr.language.proof.kinds import prove_kind
from ivr.language.proof.length import prove_length
from ivr.language.proof.pages import prove_pages
from ivr.language.proof.partners import prove_partners
from ivr.language.proof.privacy import prove_privacy
from ivr.language.proof.reached import prove_reached
from ivr.language.proof.speech import prove_speech
from ivr.language.proof.subject import Subject, Surroundings
from ivr.language.proof.variables import prove_variables
from ivr.language.proof.ways import prove_ways

_PROOFS = (
    prove_kind,
    prove_ways,
    prove_speech,
    prove_length,
    prove_keys,
    prove_pages,
    prove_variables,
    prove_reached,
    prove_privacy,
    prove_partners,
)


def check_flow(
    loaded: LoadedFlow,
    *,
    actions: Actions | None = None,
    flows: Mapping[str, Flow] | None = None,
    transfers: Collection[str] | None = None,
) -> list[Problem]:
    """Everything that is wrong with a flow, errors first; `is_sound` tells whether it may be published.

    `actions`, `flows` (by name, for sub-flows) and `transfers` (the names people are reached by) are what the
    flow may refer to; where one is None, nothing is said about it.
    """
    subject = Subject(loaded, Surroundings(actions, flows, transfers))
    for prove in _PROOFS:
        prove(subject)
    return worst_first(subject.problems)
