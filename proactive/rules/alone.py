"""One process by itself, as measurements and tests have it: the house's rules about its own facts alone."""

from typing import Any

import yaml

from customers import Customers
from proactive.facts import FOUND_OUT
from proactive.rules.lookups import Lookups
from proactive.rules.rulings import Rulings
from proactive.rules.shelf import HOUSE, Shelf
from proactive.rules.vocabulary import Vocabulary


class _Extract(Shelf):
    """The house's file without the rules about anything else."""

    def __init__(self, types: frozenset[str]) -> None:
        super().__init__(lambda: Vocabulary(FOUND_OUT))
        self._types = types

    def _house_text(self) -> tuple[str, str]:
        name, text = super()._house_text()
        whole = yaml.safe_load(text)
        rules: dict[str, Any] = {}
        for key, rule in whole["rules"].items():
            words = {("on" if name is True else name): said for name, said in rule.items()}  # YAML's `on`
            types = words["on"] if isinstance(words["on"], list) else [words["on"]]
            if self._types.issuperset(types):
                rules[key] = words
        return name, yaml.safe_dump({"edition": whole["edition"], "rules": rules}, allow_unicode=True)


def rulings_alone(customers: Customers, *types: str) -> Rulings:
    """The rules of `HOUSE` about these types of facts that processes find out themselves."""
    return Rulings(customers, _Extract(frozenset(types)), Lookups())


__all__ = ["HOUSE", "rulings_alone"]
