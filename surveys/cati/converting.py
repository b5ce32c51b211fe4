"""A questionnaire of the flow language as a script for the desk: the one is made of the other, never written.

Menus become pages with answers, marks become scales, a recorded comment becomes a note, and what is done on
the way stays. Each answer is kept as it is given, so that a talk that breaks off loses none. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import yaml

from ivr.language import load_flow
from surveys.cati.wording import wording
from values import BadInputError

SUFFIX: Final = "_desk"
BEGIN: Final = "surveys.begin"
BROKEN: Final = "broken_off"
_LEAVE: Final = "leave"
_HEAD: Final = ("title", "languages", "start")
_KEPT: Final = frozenset({"do", "choose", "set", "language", "hours", "run", "end"})
_NOT_SAID: Final = {"it": "Non risponde", "en": "Does not say", "ru": "Не отвечает"}
_CONSENT: Final = {"it": "Il consenso", "en": "Whether they agree", "ru": "Согласие"}
_QUESTION: Final = {"it": "Domanda", "en": "Question", "ru": "Вопрос"}
_ASK: Final = {"it": "Lo chieda al cliente", "en": "Ask the customer", "ru": "Спросите клиента"}
_COMMENT: Final = {"it": "Commento", "en": "Comment", "ru": "Комментарий"}

Steps = dict[str, dict[str, Any]]
Words = Mapping[str, str]


def script_name(questionnaire: str) -> str:
    """What the script of a questionnaire is called."""
    return questionnaire + SUFFIX


def desk_script(text: str, *, file: str = "questionnaire") -> str:
    """The script's text. Raises `BadInputError` for a flow that cannot be asked by an agent."""
    data = load_flow(text, file=file).document.data
    return yaml.safe_dump(
        {
            "flow": script_name(data["flow"]),
            "kind": "script",
            **{word: data[word] for word in _HEAD if word in data},
            "inputs": {**_marks(data), **data.get("inputs", {})},
            "give_up": _LEAVE,
            "steps": _Pages(data).steps(),
        },
        allow_unicode=True,
        sort_keys=False,
        width=1000,
    )


class _Pages:
    """The steps of one questionnaire, turned one by one."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._languages: Sequence[str] = data["languages"]
        self._items = frozenset(data.get("hung_up", {}).get("with", {})) - {"interview"}
        """What counts as an answer: what is told when somebody hangs up."""
        self._made: Steps = {}
        self._turned: Mapping[str, Callable[[str, dict[str, Any]], None]] = {
            "menu": self._menu,
            "rate": self._rate,
            "record": self._record,
            "say": self._say,
        }

    def steps(self) -> Steps:
        """All of them, and how the script ends when the talk does."""
        for name, step in self._data["steps"].items():
            kind = next((word for word in self._turned if word in step and "end" not in step), "")
            if kind:
                self._turned[kind](name, step)
            elif not _KEPT.intersection(step):
                raise BadInputError(f"an agent cannot ask {name!r}: it is none of {_words()}", field="steps")
            else:
                self._made[name] = self._on_desk(step)
        self._made[_LEAVE] = {
            "do": "surveys.break_off",
            "with": {"interview": "{interview}"},
            "on_error": BROKEN,
            "next": BROKEN,
        }
        self._made[BROKEN] = {"end": BROKEN}
        return self._made

    def _menu(self, name: str, step: dict[str, Any]) -> None:
        menu = step["menu"]
        choices = {key: _choice(value) for key, value in menu["choices"].items()}
        said = {each: wording(menu["greeting"][each], list(choices)) for each in self._languages}
        free = [key for key in "987654321" if key not in choices]
        answers: dict[str, Any] = {}
        for key, choice in choices.items():
            shown = key if key in "123456789" else free.pop()
            text = {each: said[each].answers[key] for each in self._languages}
            to = self._kept(f"{name}_{key}", choice["set"], choice["to"])
            answers[shown] = {"text": text, "to": to} | ({"set": choice["set"]} if choice["set"] else {})
        page = self._page(name, {each: said[each].question for each in self._languages})
        page["answers"] = answers
        if free:
            to = menu.get("no_input", {}).get("to") or _LEAVE
            page["objections"] = {free[0]: {"text": self._in_each(_NOT_SAID), "to": to}}
        self._made[name] = {"page": page}

    def _rate(self, name: str, step: dict[str, Any]) -> None:
        rate = step["rate"]
        low, high = (int(mark) for mark in str(rate["scale"]).split(".."))
        page = self._page(name, rate["question"])
        page["fields"] = [
            {
                "into": rate["into"],
                "label": rate.get("again", rate["question"]),
                "type": "scale",
                "least": low,
                "most": high,
                "required": True,
                "decline": self._in_each(_NOT_SAID),
            }
        ]
        item = rate["into"]
        keeps = self._kept(name, {item: "{" + item + "}"}, step["next"])
        self._made[name] = {"page": page, "next": self._if_said(name, item, keeps, step["next"])}

    def _record(self, name: str, step: dict[str, Any]) -> None:
        page = self._page(name, {}, _COMMENT)
        label = self._in_each(_COMMENT)
        page["fields"] = [{"into": step["record"]["into"], "label": label, "lines": 4}]
        after = step["next"]
        kept = self._data["steps"][after]
        without = kept["next"] if "do" in kept else after
        said = self._if_said(name, step["record"]["into"], after, without)
        self._made[name] = {"page": page, "next": said}

    def _say(self, name: str, step: dict[str, Any]) -> None:
        self._made[name] = {"page": self._page(name, step["say"]), "next": step["next"]}

    def _page(self, name: str, say: Words, title: Words = _QUESTION) -> dict[str, Any]:
        first = name == self._data["start"]
        page: dict[str, Any] = {"stage": "greet" if first else "questions"}
        page["title"] = self._in_each(_CONSENT if first else title)
        if say and all(say.values()):
            page["say"] = dict(say)
        elif say:
            page["hint"] = self._in_each(_ASK)
        return page

    def _kept(self, name: str, given: Mapping[str, Any], to: str) -> str:
        """Steps that keep these answers at once, and where they begin; `to` when there are none."""
        for item, value in given.items():
            if item in self._items:
                step = f"keep_{name}"
                self._made[step] = {
                    "do": "surveys.answer",
                    "with": {"interview": "{interview}", "item": item, "value": value},
                    "on_error": to,
                    "next": to,
                }
                to = step
        return to

    def _if_said(self, name: str, item: str, to: str, otherwise: str) -> str:
        """A step that goes on by whether anything was said."""
        if to == otherwise:
            return to
        step = f"said_{name}"
        self._made[step] = {"choose": [{"when": f"{item} != none", "to": to}], "otherwise": otherwise}
        return step

    def _on_desk(self, step: dict[str, Any]) -> dict[str, Any]:
        if step.get("do") == BEGIN:
            return {**step, "with": {**step["with"], "mode": "cati"}}
        return step

    def _in_each(self, words: Words) -> dict[str, str]:
        return {each: words.get(each, words["en"]) for each in self._languages}


def _marks(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What may be known already: the marks of somebody who asked to be rung again stand in their places."""
    rated = (step["rate"]["into"] for step in data["steps"].values() if "rate" in step)
    return {item: {"type": "number"} for item in rated}


def _choice(value: Any) -> dict[str, Any]:
    return (
        {"to": value, "set": {}}
        if isinstance(value, str)
        else {"to": value["to"], "set": value.get("set") or {}}
    )


def _words() -> str:
    return "menu, rate, record, say, " + ", ".join(sorted(_KEPT))
