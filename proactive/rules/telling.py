"""The rules that hold, for whoever wants to see them."""

from typing import Any

from proactive.rules.shelf import Shelf


def rules_told(shelf: Shelf) -> dict[str, Any]:
    """All rules in their order, the version of the book, and the problems of the operator's file."""
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
        "problems": [
            {
                "file": each.file,
                "line": each.line,
                "rule": each.rule,
                "field": each.field,
                "message": each.message,
            }
            for each in shelf.problems
        ],
    }
