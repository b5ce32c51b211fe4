"""The rules that hold, for whoever wants to see them."""

from typing import Any

from proactive.rules.problems import RuleProblem
from proactive.rules.shelf import Shelf
from proactive.rules.vocabulary import Vocabulary


def rules_told(shelf: Shelf, vocabulary: Vocabulary | None = None) -> dict[str, Any]:
    """All rules in their order, the version of the book, and the problems of the operator's file.

    `vocabulary`: with the campaigns and flows there are; what the file names besides is told as `unknown`.
    """
    book = shelf.book
    return {
        "version": book.version,
        "rules": [
            {
                "name": rule.name,
                "title": rule.title,
                "on": sorted(rule.on),
                "when": rule.when.text if rule.when else "",
                "campaign": rule.campaign,
                "flow": rule.flow,
                "fields": sorted(rule.fields),
                "replaces": rule.replaces is not None,
                "control": rule.control,
            }
            for rule in book.rules
        ],
        "problems": [_told(each) for each in shelf.problems],
        "unknown": [_told(each) for each in (shelf.look_over(vocabulary) if vocabulary else ())],
    }


def _told(problem: RuleProblem) -> dict[str, Any]:
    names = ("file", "line", "rule", "field", "message")
    return {name: getattr(problem, name) for name in names}
