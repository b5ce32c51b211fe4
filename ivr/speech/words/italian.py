"""Values in Italian words."""

from datetime import date, time
from decimal import Decimal

from ivr.speech.words.grammar import Plural, cardinal, split_money
from values import Money

_DAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
_DIGITS = ("zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove")
_SIGNS = {"+": "più", "-": "trattino", "*": "asterisco", "#": "cancelletto", "/": "barra", ".": "punto"}
_CURRENCIES = {
    "EUR": (Plural("euro", "euro"), Plural("centesimo", "centesimi")),
    "USD": (Plural("dollaro", "dollari"), Plural("centesimo", "centesimi")),
    "GBP": (Plural("sterlina", "sterline"), Plural("penny", "pence")),
    "CHF": (Plural("franco", "franchi"), Plural("centesimo", "centesimi")),
    "RUB": (Plural("rublo", "rubli"), Plural("copeco", "copechi")),
}
_FEMININE = frozenset({"sterlina"})
_ARTICLES = ("il", "lo", "l'", "al", "del", "dal", "nel", "sul")
_VOWELS = frozenset({8, 11})
_BEFORE_HOURS = (" le", " alle", " dalle", " delle", " nelle", " sulle")
_MILLION = 1_000_000


class Italian:
    """Italian: `un euro`, `un milione di euro`, `primo marzo`."""

    def number(self, value: Decimal) -> str:
        """A quantity."""
        return cardinal(value, "it")

    def money(self, value: Money) -> str:
        """`settantadue euro e cinquanta`; cents keep their name where the number alone misleads."""
        negative, major, minor = split_money(value)
        unit, cent = _CURRENCIES.get(
            value.currency, (Plural(value.currency, value.currency), _CURRENCIES["EUR"][1])
        )
        parts = []
        if major or not minor:
            parts.append(self._counted(major, unit))
        if minor:
            # "tre euro e cinquanta" is how it is said; "tre euro e cinque" would be heard as fifty
            bare = major and minor >= 10  # noqa: PLR2004
            parts.append(cardinal(Decimal(minor), "it") if bare else self._counted(minor, cent))
        return ("meno " if negative else "") + " e ".join(parts)

    def _counted(self, count: int, thing: Plural) -> str:
        if count == 1:
            return f"{'una' if thing.one in _FEMININE else 'un'} {thing.one}"
        link = " di " if count and count % _MILLION == 0 else " "
        return cardinal(Decimal(count), "it") + link + thing.many

    def day(self, value: date, *, year: bool, before: str) -> str:
        """`martedì tre marzo`; after an article the weekday stays away, as in `entro il tre marzo`.

        `il otto` and `il undici` nobody says, and the article is said already: `entro il giorno otto marzo`.
        """
        number = "primo" if value.day == 1 else cardinal(Decimal(value.day), "it")
        words = [number, _MONTHS[value.month - 1]]
        if not before.endswith(tuple(f" {article}" for article in _ARTICLES)):
            words.insert(0, _DAYS[value.weekday()])
        elif value.day in _VOWELS and not before.endswith("'"):
            words.insert(0, "giorno")
        if year:
            words.append(cardinal(Decimal(value.year), "it"))
        return " ".join(words)

    def hour(self, value: time, *, before: str) -> str:
        """`quattordici e trenta`, to follow `alle`; one is `ore una`, since nobody says `alle una`."""
        hour = "una" if value.hour == 1 else cardinal(Decimal(value.hour), "it")
        if value.hour == 1 and before.endswith(_BEFORE_HOURS):
            hour = f"ore {hour}"
        return f"{hour} e {cardinal(Decimal(value.minute), 'it')}" if value.minute else hour

    def character(self, character: str) -> str:
        """A digit, letter or sign when spelled out."""
        return _DIGITS[int(character)] if character.isdecimal() else _SIGNS.get(character, character.upper())

    def flag(self, value: bool) -> str:
        """Yes or no."""
        return "sì" if value else "no"
