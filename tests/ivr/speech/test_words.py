"""What a caller hears in place of figures."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.speech.words import Occasion, spoken
from values import Money, Scalar

pytestmark = pytest.mark.unit

ROME = Occasion(today=date(2026, 3, 2), zone=ZoneInfo("Europe/Rome"), country="IT")


def say(value: Scalar, kind: str, language: str, before: str = "") -> str:
    return ", ".join(spoken(value, kind, language, ROME, before=before))


@pytest.mark.parametrize(
    ("minor", "currency", "italian", "english", "russian"),
    [
        (0, "EUR", "zero euro", "zero euros", "ноль евро"),
        (1, "EUR", "un centesimo", "one cent", "один цент"),
        (100, "EUR", "un euro", "one euro", "один евро"),
        (101, "EUR", "un euro e un centesimo", "one euro and one cent", "один евро один цент"),
        (305, "EUR", "tre euro e cinque centesimi", "three euros and five cents", "три евро пять центов"),
        (2100, "EUR", "ventuno euro", "twenty-one euros", "двадцать один евро"),
        (2122, "EUR", "ventuno euro e ventidue", "twenty-one euros and twenty-two cents",
         "двадцать один евро двадцать два цента"),
        (7250, "EUR", "settantadue euro e cinquanta", "seventy-two euros and fifty cents",
         "семьдесят два евро пятьдесят центов"),
        (7250, "RUB", "settantadue rubli e cinquanta", "seventy-two roubles and fifty kopecks",
         "семьдесят два рубля пятьдесят копеек"),
        (2101, "RUB", "ventuno rubli e un copeco", "twenty-one roubles and one kopeck",
         "двадцать один рубль одна копейка"),
        (1102, "RUB", "undici rubli e due copechi", "eleven roubles and two kopecks",
         "одиннадцать рублей две копейки"),
        (100_000_000, "EUR", "un milione di euro", "one million euros", "один миллион евро"),
        (100_000_000, "RUB", "un milione di rubli", "one million roubles", "один миллион рублей"),
        (-500, "EUR", "meno cinque euro", "minus five euros", "минус пять евро"),
        (100, "GBP", "una sterlina", "one pound", "один фунт"),
        (250, "JPY", "due JPY e cinquanta", "two JPY and fifty cents", "два JPY пятьдесят центов"),
    ],
)  # fmt: skip
def test_money_is_said_as_people_say_it(
    minor: int, currency: str, italian: str, english: str, russian: str
) -> None:
    amount = Money(minor, currency)
    assert [say(amount, "money", language) for language in ("it", "en", "ru")] == [italian, english, russian]


@pytest.mark.parametrize(
    ("value", "italian", "english", "russian"),
    [
        (1, "uno", "one", "один"),
        (21, "ventuno", "twenty-one", "двадцать один"),
        (1999, "millenovecentonovantanove", "one thousand nine hundred and ninety-nine",
         "одна тысяча девятьсот девяносто девять"),
        (1_000_000, "un milione", "one million", "один миллион"),
        (2.5, "due virgola cinque", "two point five", "две целых пять десятых"),
        ("0.01", "zero virgola zero uno", "zero point zero one", "ноль целых одна сотая"),
        ("2,50", "due virgola cinque", "two point five", "две целых пять десятых"),
        (-3, "meno tre", "minus three", "минус три"),
        (3.0, "tre", "three", "три"),
    ],
)  # fmt: skip
def test_numbers_are_counted(value: Scalar, italian: str, english: str, russian: str) -> None:
    assert [say(value, "number", language) for language in ("it", "en", "ru")] == [italian, english, russian]


@pytest.mark.parametrize(
    ("day", "italian", "english", "russian"),
    [
        (date(2026, 3, 3), "martedì tre marzo", "Tuesday the third of March", "вторник, третье марта"),
        (date(2026, 5, 1), "venerdì primo maggio", "Friday the first of May", "пятница, первое мая"),
        (date(2026, 12, 31), "giovedì trentuno dicembre", "Thursday the thirty-first of December",
         "четверг, тридцать первое декабря"),
        (date(2027, 1, 21), "giovedì ventuno gennaio duemilaventisette",
         "Thursday the twenty-first of January twenty twenty-seven",
         "четверг, двадцать первое января две тысячи двадцать седьмого года"),
    ],
)  # fmt: skip
def test_dates_name_their_day_and_another_year(day: date, italian: str, english: str, russian: str) -> None:
    assert [say(day, "date", language) for language in ("it", "en", "ru")] == [italian, english, russian]
    assert say(day.isoformat(), "date", "it") == italian


def test_the_words_before_a_date_decide_its_form() -> None:
    third = date(2026, 3, 3)
    assert say(third, "date", "it", before="da pagare entro il") == "tre marzo"
    for day, said in ((8, "otto"), (11, "undici")):
        vowel = date(2026, 3, day)  # "il otto" nobody says
        assert say(vowel, "date", "it", before="entro il") == f"giorno {said} marzo"
        assert say(vowel, "date", "it", before="il guasto del") == f"giorno {said} marzo"
        assert say(vowel, "date", "it", before="entro l'") == f"{said} marzo"
    assert say(date(2026, 3, 11), "date", "it", before="L'abbiamo chiamata") == "mercoledì undici marzo"
    assert say(date(2026, 3, 1), "date", "it", before="entro il") == "primo marzo"
    assert say(third, "date", "en", before="by the") == "third of March"
    assert say(third, "date", "ru", before="Оплатите до") == "третьего марта"
    assert say(third, "date", "ru", before="Вы сообщили") == "третьего марта"
    assert say(third, "date", "ru", before="Мы звонили вам") == "третьего марта"
    assert say(third, "date", "ru", before="Срок оплаты:") == "вторник, третье марта"
    assert say(date(2026, 3, 4), "date", "ru", before="назначено на") == "среду, четвёртое марта"


def test_an_instant_is_said_as_the_clocks_of_the_place_show_it() -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    assert say(late, "time", "it") == "zero e trenta"
    assert say(late, "date", "it") == "mercoledì quattro marzo"
    assert say(late, "", "en") == "Wednesday the fourth of March, twelve thirty in the morning"


@pytest.mark.parametrize(
    ("at", "italian", "english", "russian"),
    [
        ("14:30", "quattordici e trenta", "two thirty in the afternoon", "четырнадцать часов тридцать минут"),
        ("01:01", "una e uno", "one oh one in the morning", "один час одна минута"),
        ("12:00", "dodici", "noon", "двенадцать часов"),
        (
            "21:22",
            "ventuno e ventidue",
            "nine twenty-two in the evening",
            "двадцать один час двадцать две минуты",
        ),
        ("00:05", "zero e cinque", "twelve oh five in the morning", "ноль часов пять минут"),
    ],
)
def test_times_of_day(at: str, italian: str, english: str, russian: str) -> None:
    assert [say(at, "time", language) for language in ("it", "en", "ru")] == [italian, english, russian]


def test_the_words_before_a_time_decide_its_form() -> None:
    assert say("09:00", "time", "ru", before="связь может прерываться с") == "девяти часов"
    assert say("12:30", "time", "ru", before="до") == "двенадцати часов тридцати минут"
    assert say("01:21", "time", "ru", before="около") == "одного часа двадцати одной минуты"
    assert say("22:02", "time", "ru", before="после") == "двадцати двух часов двух минут"
    assert say("12:30", "time", "ru", before="в") == "двенадцать часов тридцать минут"
    assert say("07:21", "time", "ru", before="в") == "семь часов двадцать одну минуту"
    assert say("07:11", "time", "ru", before="в") == "семь часов одиннадцать минут"
    assert say("07:21", "time", "ru", before="Время:") == "семь часов двадцать одна минута"
    assert say("01:10", "time", "it", before="È iniziato, alle") == "ore una e dieci"
    assert say("01:00", "time", "it", before="verso le") == "ore una"
    assert say("11:00", "time", "it", before="alle") == "undici"


def test_digits_come_one_by_one_in_groups_that_can_be_written_down() -> None:
    assert say("+393290000017", "digits", "it") == "tre due nove, zero zero zero, zero zero uno sette"
    assert say("+442079460018", "digits", "en").startswith("plus four four, two zero seven, ")
    assert say("1234", "digits", "it") == "uno due tre quattro"
    assert say("12345", "digits", "ru") == "один два три, четыре пять"
    assert say("A1*", "digits", "it") == "A uno asterisco"
    assert say("+", "digits", "it") == "più"


def test_what_does_not_fit_its_kind_is_said_as_it_is_and_nothing_is_silence() -> None:
    assert say("domani", "date", "it") == "domani"
    assert say("tanto", "money", "it") == "tanto"
    assert say("nan", "number", "it") == "nan"
    assert say("1e400", "number", "it") == "1e400"
    assert spoken(None, "money", "it", ROME) == []
    assert spoken("", "digits", "it", ROME) == []
    assert say("Anna\x00\n  Rossi", "text", "it") == "Anna Rossi"


def test_a_value_without_a_kind_tells_it_by_its_type() -> None:
    assert say(Money(7250), "", "it") == "settantadue euro e cinquanta"
    assert say(21, "", "it") == "ventuno"
    assert say(date(2026, 3, 3), "", "it") == "martedì tre marzo"
    assert [say(value, "", "ru") for value in (True, False)] == ["да", "нет"]


def test_whole_money_counts_cents_and_written_money_units() -> None:
    assert say(7250, "money", "it") == say("72.50", "money", "it") == say(72.5, "money", "it")


def test_a_language_without_a_grammar_still_speaks() -> None:
    assert say(21, "number", "de") == "einundzwanzig"
    assert say(Money(7250), "money", "xx") == "72.50 EUR"
    assert say("14:30", "time", "xx") == "14:30"


@given(
    value=st.one_of(
        st.none(), st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(),
        st.builds(Money, st.integers(-(10**12), 10**12)),
    ),
    kind=st.sampled_from(["", "text", "digits", "number", "money", "date", "time"]),
    language=st.sampled_from(["it", "en", "ru", "xx"]),
)  # fmt: skip
def test_no_value_whatsoever_breaks_a_call(value: Scalar, kind: str, language: str) -> None:
    for words in spoken(value, kind, language, ROME):
        assert words.isprintable()
