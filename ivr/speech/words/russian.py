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
_DAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
_ON_DAYS = ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье")
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
_ONE_MINUTE = "одна минута"
_ON = ("на", "в", "во")
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
        """`вторник, третье марта`, also after `на`; after any other word `третьего марта`.

        That is the form for `до` and `после`, and for when something was: `мы звонили третьего марта`.
        """
        last = before.rpartition(" ")[2]
        when = last[-1:].isalpha() and last not in _ON
        number = num2words(value.day, lang="ru", to="ordinal", case="g" if when else "n", gender="n")
        words = f"{number} {_MONTHS[value.month - 1]}"
        if not when:
            words = f"{(_ON_DAYS if last in _ON else _DAYS)[value.weekday()]}, {words}"
        return f"{words} {num2words(value.year, lang='ru', to='ordinal', case='g')} года" if year else words

    def hour(self, value: time, *, before: str) -> str:
        """`два часа одна минута`; after `с` or `до` `двух часов`, after `в` `два часа одну минуту`."""
        last = before.rpartition(" ")[2]
        counted = self._of if last in _GENITIVE_AFTER else self._counted
        hour = counted(value.hour, _HOUR)
        if not value.minute:
            return hour
        minute = counted(value.minute, _MINUTE)
        if last in _ON and minute.endswith(_ONE_MINUTE):
            minute = f"{minute.removesuffix(_ONE_MINUTE)}одну минуту"
        return f"{hour} {minute}"

    def _of(self, count: int, thing: Plural) -> str:
        """So many of a thing in the genitive: двух часов, двадцати одной минуты."""
        gender = "f" if thing.one in _FEMININE else "m"
        number = num2words(count, lang="ru", case="g", gender=gender)
        alone = count % 10 == 1 and count % 100 not in _TEENS
        return f"{number} {thing.few if alone else thing.many}"

    def character(self, character: str) -> str:
        """A digit, letter or sign when spelled out."""
        return _DIGITS[int(character)] if character.isdecimal() else _SIGNS.get(character, character.upper())

    def flag(self, value: bool) -> str:
        """Yes or no."""
        return "да" if value else "нет"
