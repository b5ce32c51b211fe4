"""Every kind of problem a flow can have. `docs/reference/flow-problems.md` explains each to authors."""

from dataclasses import dataclass

from ivr.language.document import Place
from ivr.language.problems import Problem, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of problem. Codes are never used again for something else."""

    code: str
    severity: Severity
    title: str


_ENTRIES = (
    # the file
    Entry("F001", E, "The file cannot be read"),
    Entry("F002", E, "A name is there twice"),
    Entry("F003", E, "The file is too big"),
    Entry("F004", E, "The keys * and # need quotes"),
    # the words of the language
    Entry("F101", E, "A word the language does not have"),
    Entry("F102", E, "A word is missing"),
    Entry("F103", E, "A value of the wrong kind"),
    Entry("F104", E, "A step that does nothing"),
    Entry("F105", E, "A word of the other kind of flow"),
    # where steps lead
    Entry("F201", E, "There is no such step"),
    Entry("F202", E, "No caller gets to this step"),
    Entry("F203", E, "From here no caller gets to an end"),
    Entry("F204", E, "Goes round without asking the caller"),
    Entry("F205", E, "A silent caller never gets out"),
    Entry("F206", W, "A caller with wrong keys never gets out"),
    Entry("F207", W, "Goes round on what actions answer"),
    # what is said
    Entry("F301", E, "A text is missing in a language"),
    Entry("F302", W, "A text in a language the flow does not have"),
    Entry("F303", W, "Languages say different values"),
    Entry("F304", W, "Too long to listen to"),
    Entry("F305", W, "Too many choices at once"),
    Entry("F306", W, "Takes longer than it may"),
    # keys
    Entry("F401", W, "One key is the beginning of another"),
    Entry("F402", E, "Two meanings for one key"),
    Entry("F403", N, "A choice hides a key of the whole flow"),
    Entry("F404", N, "The key that ends an answer has a second meaning"),
    Entry("F405", W, "A key that is not heard during the prompt"),
    Entry("F406", E, "An impossible number of digits"),
    Entry("F407", E, "The operator key leads nowhere"),
    Entry("F408", W, "No key leads to the operator step"),
    Entry("F409", W, "An answer that means something else"),
    Entry("F410", W, "Nothing ends the answer"),
    Entry("F411", E, "No answer can pass this check"),
    # values
    Entry("F501", E, "There is no such value"),
    Entry("F502", E, "A value that may not be there yet"),
    Entry("F503", E, "A condition that cannot be read"),
    Entry("F504", E, "A private value would be given away"),
    Entry("F505", W, "A condition on a private value"),
    Entry("F506", N, "A value nobody uses"),
    Entry("F507", E, "A sample that does not fit"),
    Entry("F508", W, "Spoken as something it is not"),
    Entry("F509", W, "A condition on a value that may not be there yet"),
    Entry("F510", E, "What is said to be reached is no end"),
    # actions, other flows, calendars, people
    Entry("F601", E, "There is no such action"),
    Entry("F602", E, "A field of the action is missing"),
    Entry("F603", E, "The action has no such field"),
    Entry("F604", E, "The action gives no such result"),
    Entry("F605", E, "There is no such flow"),
    Entry("F606", E, "Flows that run each other"),
    Entry("F607", E, "A sub-flow lacks a language"),
    Entry("F608", E, "The sub-flow has no such input"),
    Entry("F609", E, "The sub-flow never sets this value"),
    Entry("F610", E, "There is nobody of that name to transfer to"),
    Entry("F611", E, "There is no such calendar"),
    Entry("F612", E, "A calendar that cannot be"),
    Entry("F613", E, "A language the flow does not have"),
    Entry("F614", W, "An input of the sub-flow is not given"),
    Entry("F615", E, "A call cannot run a script, nor a script a call"),
    # the pages of a script
    Entry("F701", E, "A page that leads nowhere"),
    Entry("F702", E, "Two fields for one value"),
    Entry("F703", E, "A word that does not fit the field"),
    Entry("F704", E, "A field that nobody can fill in"),
    Entry("F705", E, "A value that must be kept is forgotten"),
    Entry("F706", W, "The offer comes before the solution"),
    Entry("F707", W, "A page with nothing on it"),
)

CATALOGUE = {entry.code: entry for entry in _ENTRIES}
"""All kinds of problems by code."""


def problem(code: str, file: str, place: Place, message: str, *, step: str = "", field: str = "") -> Problem:
    """A problem of a kind from the catalogue, at a place."""
    return Problem(file, place.line, place.column, step, field, CATALOGUE[code].severity, code, message)
