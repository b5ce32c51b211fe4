"""Values in words: numbers, money, dates, times and digits, one module a language. Pure.

num2words counts; what it does not know (money as it is said, dates, plurals of things counted) is ours.
"""

from ivr.speech.words.grammar import Grammar
from ivr.speech.words.spoken import Occasion, grammar_of, spoken

__all__ = ["Grammar", "Occasion", "grammar_of", "spoken"]
