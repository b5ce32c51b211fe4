"""A call is heard and a script is read: each has steps and words that the other has no use for."""

from ivr.language.model import STEP_KINDS, FlowKind, step_kind
from ivr.language.problems import listing
from ivr.language.proof.subject import Subject

OF_SCRIPTS = frozenset({"page"})
OF_CALLS = frozenset({"say", "menu", "ask", "rate", "record", "transfer", "mark"})
_HEAD = {
    FlowKind.CALL: {"must_keep": "only a script's talk leaves values behind"},
    FlowKind.SCRIPT: {
        "operator": "an agent is the operator",
        "keys": "an agent presses no telephone keys",
        "timing": "nobody waits for keys",
        "hung_up": "an agent breaks a talk off by `give_up`",
        "at_most": "a talk takes as long as it takes",
    },
}
_DO_INSTEAD = {
    FlowKind.CALL: "use say, menu or ask, or write `kind: script` at the top",
    FlowKind.SCRIPT: "use a page, or leave out `kind: script` at the top",
}


def prove_kind(subject: Subject) -> None:
    """Steps, words of the head, and private inputs that the kind of flow does not have."""
    flow = subject.flow
    refused = OF_SCRIPTS if flow.kind is FlowKind.CALL else OF_CALLS
    for name, step in flow.steps.items():
        kind = str(step_kind(step))
        if kind in refused:
            there = listing((one for one in STEP_KINDS if one not in refused), at_most=len(STEP_KINDS))
            told = f"a {flow.kind} has no {kind}, only {there}; {_DO_INSTEAD[flow.kind]}"
            subject.report("F105", ("steps", name, kind), told, name=True)
    for word, why in _HEAD[flow.kind].items():
        if word in flow.model_fields_set:
            subject.report("F105", (word,), f"a {flow.kind} has no {word!r}: {why}; delete it", name=True)
    for name, given in flow.inputs.items():
        if given.private and flow.kind is FlowKind.SCRIPT:
            told = "nothing is private to the agent who reads it; a call asks for such values by keys"
            subject.report("F105", ("inputs", name, "private"), told, name=True)
