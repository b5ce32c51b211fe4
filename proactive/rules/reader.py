"""Reading a file of rules: checked whole, every problem told with its line and rule."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from ivr.language import Expression, ExpressionError, FlowError, parse_expression
from ivr.language.document import Document
from ivr.language.document import Path as Where
from ivr.language.problems import did_you_mean, listing
from ivr.language.yaml_reader import read_yaml
from proactive.rules.moments import parse_moment, parse_quiet
from proactive.rules.problems import RuleProblem, RulesError
from proactive.rules.rule import Rule
from proactive.rules.templates import Template, parse_template
from proactive.rules.vocabulary import Guides, Vocabulary
from values import BadInputError, Scalar

EDITION = 1
"""Of the form of these files."""
FIELDS = (
    "title", "on", "when", "campaign", "flow", "event_id", "fields", "replaces", "not_before", "expires",
    "quiet_hours", "control", "priority", "off",
)  # fmt: skip
_CALLING = ("flow", "event_id", "fields", "not_before", "expires", "quiet_hours", "control", "priority")
_MOST = 10_000

T = TypeVar("T")


def read_rules(text: str, vocabulary: Vocabulary, *, file: str) -> Mapping[str, Rule | None]:
    """The rules of a file by name; None for one that is switched off. Raises `RulesError`."""
    try:
        document = read_yaml(text, file=Path(file).name)
    except FlowError as error:
        problems = [
            RuleProblem(file, each.line, each.column, "", "", each.message) for each in error.problems
        ]
        raise RulesError(problems) from error
    reader = _Reader(document, vocabulary, file)
    rules = reader.read()
    if reader.problems:
        raise RulesError(sorted(reader.problems))
    return rules


class _Reader:
    """Walks a document, collecting problems."""

    def __init__(self, document: Document, vocabulary: Vocabulary, file: str) -> None:
        self._document = document
        self._vocabulary = vocabulary
        self._file = file
        self._rule = ""
        self._typed = True
        self.problems: list[RuleProblem] = []

    def read(self) -> dict[str, Rule | None]:
        data = self._document.data
        if not isinstance(data, dict):
            self._wrong((), "a file of rules begins with edition: 1 and rules:")
            return {}
        for name in data:
            if name not in ("edition", "rules"):
                self._wrong(
                    (name,), f"there is no {name!r} here{did_you_mean(name, ('edition', 'rules'))}", name=True
                )
        if data.get("edition") != EDITION:
            self._wrong(("edition",), f"write edition: {EDITION}")
        rules = data.get("rules")
        if not isinstance(rules, dict) and rules is not None:
            self._wrong(("rules",), "write each rule under a name of its own")
            return {}
        return {name: self._read_rule(name, body) for name, body in (rules or {}).items()}

    def _read_rule(self, name: str, body: Any) -> Rule | None:
        self._rule, at = name, ("rules", name)
        try:
            if not name.replace("_", "").isalnum() or not name.isascii() or not name[0].isalpha():
                self._wrong(at, "a rule's name has small letters, digits and _", name=True)
            if not isinstance(body, dict):
                self._wrong(at, "a rule has on: and campaign:, or replaces:")
                return None
            for field in body:
                if field not in FIELDS:
                    words = f"there is no such field{did_you_mean(field, FIELDS)}"
                    self._wrong((*at, field), f"{words}; known are {listing(FIELDS, at_most=20)}", name=True)
            if self._kind(at, body, "off", bool, default=False):
                return None
            return self._build(name, at, body)
        finally:
            self._rule = ""

    def _build(self, name: str, at: Where, body: Mapping[str, Any]) -> Rule:
        types = self._types((*at, "on"), body.get("on"))
        self._typed = bool(types)  # else nobody could say which values there are
        known = self._vocabulary.names(types)
        campaign = self._kind(at, body, "campaign", str, default="")
        self._check_campaign(at, body, campaign)
        when = self._when((*at, "when"), body.get("when"), known)
        fields = self._fields((*at, "fields"), body.get("fields"), known)
        flow = self._kind(at, body, "flow", str, default="")
        self._check_flow((*at, "flow"), flow, fields)
        campaigns = self._vocabulary.campaigns
        guides = Guides(agents=True) if campaigns is None else campaigns.get(campaign, Guides())
        self._check_inputs((*at, "fields"), replace(guides, flow=flow or guides.flow), fields)
        quiet = body.get("quiet_hours")
        control = body.get("control", 0.0)
        if isinstance(control, bool) or not isinstance(control, int | float) or not 0 <= control < 1:
            self._wrong((*at, "control"), "write a share from 0 to below 1, as 0.1 for a tenth")
            control = 0.0
        priority = self._kind(at, body, "priority", int, default=0)
        if abs(priority) > _MOST:
            self._wrong((*at, "priority"), f"write a number from -{_MOST} to {_MOST}")
        return Rule(
            name=name,
            title=self._kind(at, body, "title", str, default=""),
            on=frozenset(types),
            when=when,
            campaign=campaign,
            flow=flow,
            event_id=self._template((*at, "event_id"), body.get("event_id"), known),
            fields=fields,
            replaces=self._template((*at, "replaces"), body.get("replaces"), known),
            not_before=self._moment((*at, "not_before"), body.get("not_before"), known),
            expires=self._moment((*at, "expires"), body.get("expires"), known),
            quiet=self._parsed((*at, "quiet_hours"), quiet, parse_quiet) if quiet is not None else None,
            control=float(control),
            priority=priority,
        )

    def _types(self, at: Where, given: Any) -> list[str]:
        types = given if isinstance(given, list) else [given]
        known = self._vocabulary.types
        if given is None or not types:
            self._wrong(at, f"name the type of event it is for, one of {listing(known, at_most=20)}")
            return []
        for each in types:
            if each not in known:
                like = did_you_mean(str(each), known)
                self._wrong(
                    at, f"there is no type of event {each!r}{like}; known are {listing(known, at_most=20)}"
                )
        return [str(each) for each in types if each in known]

    def _check_campaign(self, at: Where, body: Mapping[str, Any], campaign: str) -> None:
        known = self._vocabulary.campaigns
        if campaign and known is not None and campaign not in known:
            words = f"there is no campaign {campaign!r}{did_you_mean(campaign, known)}"
            self._wrong((*at, "campaign"), f"{words}; set up are {listing(known)}")
        if campaign:
            return
        if "replaces" not in body:
            self._wrong(at, "name the campaign that calls, or with replaces: what is taken back")
        for field in _CALLING:
            if field in body and body.keys() <= set(FIELDS):  # else it may be campaign: that is misspelt
                self._wrong((*at, field), "belongs to a call; name the campaign too", name=True)

    def _check_flow(self, at: Where, flow: str, fields: Mapping[str, object]) -> None:
        inputs = self._vocabulary.flows.get(flow)
        if inputs is None:
            if flow and (there := self._vocabulary.flows):
                self._wrong(
                    at, f"there is no flow {flow!r}{did_you_mean(flow, there)}; there are {listing(there)}"
                )
            return
        where = (*at[:-1], "fields")
        for name in sorted(inputs.needed - fields.keys()):
            self._wrong(where, f"the flow {flow} wants {name!r}; give it a value")

    def _check_inputs(self, where: Where, guides: Guides, fields: Mapping[str, object]) -> None:
        """What neither flow nor script takes.

        An agent's card shows it all: where one talks, or may for all we know, only what looks misspelt is.
        """
        inputs = self._vocabulary.flows.get(guides.flow)
        if inputs is None:
            return
        script = self._vocabulary.scripts.get(guides.script) if guides.agents else None
        taken = inputs.known | (script.known if script else frozenset())
        none = f"the flow {guides.flow} has no input"
        if script:
            none = f"neither the flow {guides.flow} nor the script {guides.script} has an input"
        for name in sorted(fields.keys() - taken):
            like = did_you_mean(name, taken)
            if like or not guides.agents:
                self._wrong((*where, name), f"{none} {name!r}{like}")

    def _when(self, at: Where, given: Any, known: frozenset[str]) -> Expression | None:
        if given is None:
            return None
        if not isinstance(given, str):
            self._wrong(at, 'write a condition, as in kind == "la"')
            return None
        try:
            when = parse_expression(given)
        except ExpressionError as problem:
            self._wrong(at, f"{problem}")
            return None
        self._check_names(at, when.names, known)
        return when

    def _fields(self, at: Where, given: Any, known: frozenset[str]) -> dict[str, Template | Scalar]:
        if given is None:
            return {}
        if not isinstance(given, dict):
            self._wrong(at, 'write the flow\'s inputs by their names, as in fault_id: "{fault}"')
            return {}
        found: dict[str, Template | Scalar] = {}
        for name, value in given.items():
            if isinstance(value, str):
                template = self._template((*at, name), value, known)
                found[name] = template
            elif value is None or isinstance(value, bool | int | float):
                found[name] = value
            else:
                self._wrong((*at, name), "write a text, a number, true or false")
        return found

    def _template(self, at: Where, given: Any, known: frozenset[str]) -> Template | None:
        if given is None:
            return None
        if not isinstance(given, str) or not given:
            self._wrong(at, 'write a text, as in "order-{order}"')
            return None
        template = self._parsed(at, given, parse_template)
        if template is not None:
            self._check_names(at, template.names, known)
        return template

    def _moment(self, at: Where, given: Any, known: frozenset[str]) -> Any:
        if given is None:
            return None
        if not isinstance(given, str):
            self._wrong(at, "write a moment, as in now + 2h or planned - 2d at 18:00")
            return None
        moment = self._parsed(at, given, parse_moment)
        if moment is not None:
            self._check_names(at, {moment.base}, known)
        return moment

    def _check_names(self, at: Where, names: frozenset[str] | set[str], known: frozenset[str]) -> None:
        for name in sorted(names - known if self._typed else ()):
            words = f"there is no value {name!r}{did_you_mean(name, known)}"
            self._wrong(at, f"{words}; known are {listing(known, at_most=30)}")

    def _parsed(self, at: Where, given: Any, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(str(given))
        except BadInputError as problem:
            self._wrong(at, str(problem))
            return None

    def _kind(self, at: Where, body: Mapping[str, Any], field: str, kind: type[T], *, default: T) -> T:
        value = body.get(field)
        if value is None:
            return default
        if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        words = {str: "write a text", bool: "write true or false", int: "write a whole number"}
        self._wrong((*at, field), words.get(kind, "is of the wrong kind"))
        return default

    def _wrong(self, at: Where, message: str, *, name: bool = False) -> None:
        place = self._document.place(at, name=name)
        field = ".".join(str(part) for part in at[2:]) if self._rule else ".".join(map(str, at))
        self.problems.append(RuleProblem(self._file, place.line, place.column, self._rule, field, message))
