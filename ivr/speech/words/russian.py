"""Values in Russian words."""

from datetime import date, time
from decimal import Decimal

from num2words import num2words

from ivr.speech.words.grammar import Plural, cardinal, split_money
from values import Money

_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
_DIGITS = ("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять")
_SIGNS = {"+": "плюс", "-": "дефис", "*": "звёздочка", "#": "решётка", "/": "дробь", ".": "точка"}
_CENT = Plural("цент", "центов", few="цента")
_CURRENCIES = {
    "EUR": (Plural("евро", "евро", few="евро"), _CENT),
    "USD": (Plural("доллар", "долларов", few="доллара"), _CENT),
    "GBP": (Plural("фунт", "фунтов", few="фунта"), Plural("пенни", "пенсов", few="пенса")),
    "CHF": (Plural("франк", "франков", few="франка"), Plural("сантим", "сантимов", few="сантима")),
    "RUB": (Plural("рубль", "рублей", few="рубля"), Plural("копейка", "копеек", few="копейки")),
}
_FEMININE = frozenset({"копейка", "минута"})
_HOUR = Plural("час", "часов", few="часа")
_MINUTE = Plural("минута", "минут", few="минуты")
_GENITIVE_AFTER = ("до", "с", "со", "от", "после", "около", "позднее", "позже", "ранее", "раньше")
_TEENS = range(11, 15)
_FEW = range(2, 5)


def plural(count: int, thing: Plural) -> str:
    """The form of a thing for its count: 1 рубль, 2 рубля, 5 рублей, 11 рублей, 21 рубль."""
    if count % 100 in _TEENS:
        return thing.many
    if count % 10 == 1:
        return thing.one
    return thing.few if count % 10 in _FEW else thing.many


class Russian:
    """Russian: counted things in their right form, dates in the nominative or, after `до`, the genitive."""

    def number(self, value: Decimal) -> str:
        """A quantity."""
        return cardinal(value, "ru")

    def money(self, value: Money) -> str:
        """`семьдесят два евро пятьдесят центов`."""
        negative, major, minor = split_money(value)
        unit, cent = _CURRENCIES.get(
            value.currency, (Plural(value.currency, value.currency, few=value.currency), _CENT)
        )
        parts = []
        if major or not minor:
            parts.append(self._counted(major, unit))
        if minor:
            parts.append(self._counted(minor, cent))
        return ("минус " if negative else "") + " ".join(parts)

    def _counted(self, count: int, thing: Plural) -> str:
        number = num2words(count, lang="ru", gender="f" if thing.one in _FEMININE else "m")
        return f"{number} {plural(count, thing)}"

    def day(self, value: date, *, year: bool, before: str) -> str:
        """`третье марта`; after `до`, `после` and the like, or a verb (`вы сообщили`), `третьего марта`."""
        last = before.rpartition(" ")[2]
        case = "g" if last in _GENITIVE_AFTER or last.endswith("ли") else "n"
        number = num2words(value.day, lang="ru", to="ordinal", case=case, gender="n")
        words = f"{number} {_MONTHS[value.month - 1]}"
        return f"{words} {num2words(value.year, lang='ru', to='ordinal', case='g')} года" if year else words

    def hour(self, value: time) -> str:
        """`четырнадцать часов тридцать минут`."""
        hour = self._counted(value.hour, _HOUR)
        return f"{hour} {self._counted(value.minute, _MINUTE)}" if value.minute else hour

    def character(self, character: str) -> str:
        """A digit, letter or sign when spelled out."""
        return _DIGITS[int(character)] if character.isdecimal() else _SIGNS.get(character, character.upper())

    def flag(self, value: bool) -> str:
        """Yes or no."""
        return "да" if value else "нет"
