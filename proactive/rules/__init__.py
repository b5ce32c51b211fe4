"""Rules as data: which event calls which customers, for what campaign, with which words, when.

`RuleBook.decide` is pure; `carry_out` enqueues and withdraws; `Rulings.enact` does both for a batch of facts.
The house's rules are in `house.yaml`, the operator's own over them in `rules.yaml` of the home.
"""

from proactive.rules.book import Decision, Result, RuleBook, in_control
from proactive.rules.carrying import REPLACED, Effect, carry_out
from proactive.rules.facts import Fact, Person
from proactive.rules.lookups import Lookup, Lookups
from proactive.rules.models import RuleDecision
from proactive.rules.overlaps import Overlap, overlaps
from proactive.rules.problems import RuleProblem, RulesError
from proactive.rules.rule import Rule
from proactive.rules.rulings import Rulings
from proactive.rules.shelf import HOUSE, Shelf, read_book
from proactive.rules.vocabulary import FlowInputs, Guides, Vocabulary, guides_of, inputs_of

__all__ = [
    "HOUSE",
    "REPLACED",
    "Decision",
    "Effect",
    "Fact",
    "FlowInputs",
    "Guides",
    "Lookup",
    "Lookups",
    "Overlap",
    "Person",
    "Result",
    "Rule",
    "RuleBook",
    "RuleDecision",
    "RuleProblem",
    "RulesError",
    "Rulings",
    "Shelf",
    "Vocabulary",
    "carry_out",
    "guides_of",
    "in_control",
    "inputs_of",
    "overlaps",
    "read_book",
]
