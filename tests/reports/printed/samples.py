"""A small booklet with one of everything, and a name that would like to be markup and a formula."""

from datetime import UTC, datetime

from reports.definitions import Language
from reports.printed import (
    Booklet,
    Estimate,
    Grid,
    Head,
    Key,
    Keys,
    Line,
    Lines,
    Note,
    Shape,
    Stack,
    Stacks,
    Term,
    Topic,
    Whisker,
    Whiskers,
    Words,
)

FEW = Estimate(None, n=12)
HOSTILE = '=1+1 <b>"&'
WORDS = Words(
    page="Страница {page} из {pages}",
    made="составлен {at}",
    definitions="Определения",
    contents="Содержание",
    few="мало ответов",
    nothing="ответов слишком мало для графика",
    none="н/д",
    low="от",
    high="до",
    interval="интервал 95 %",
)


def estimate(value: float, half: float, n: int = 400) -> Estimate:
    return Estimate(value, value - half, value + half, n)


def booklet(language: Language = Language.RU, rows: int = 2) -> Booklet:
    """Two topics; the second has a table of so many rows."""
    weeks = [f"W{number}" for number in range(40, 46)]
    return Booklet(
        title="Отчёт за месяц",
        period="октябрь 2026",
        company="Centralino",
        language=language,
        made=datetime(2026, 11, 1, 6, 0, tzinfo=UTC),
        words=WORDS,
        terms=[Term("NPS", f"сторонники минус критики {HOSTILE}")],
        topics=[
            Topic(
                "Объёмы",
                "Сколько клиентов мы известили.",
                [
                    Keys([Key("Контакты", 61234), Key("NPS", estimate(30.0, 7.7), Shape.SCORE)]),
                    Stacks("Подключение", ["янв", "фев"], [Stack("LA", [10, 0]), Stack("CDU", [5, 0])]),
                ],
            ),
            Topic(
                "Мнение: [2026]",
                "",
                [
                    Lines(
                        "NPS",
                        weeks,
                        [Line("все", [Estimate(None, n=3), *[estimate(30.0, 6)] * 5], frozenset({3}))],
                        Shape.SCORE,
                        marked_means="значимое изменение",
                    ),
                    Whiskers("CSAT", [Whisker(HOSTILE, estimate(0.8, 0.03))], Shape.SHARE, target=0.75),
                    Grid(
                        "Площадки",
                        [Head("Площадка"), Head("n", Shape.COUNT), Head("NPS", Shape.SCORE, 2)],
                        [[HOSTILE, 12, FEW], ["Roma", 1234, estimate(30.0, 7.7)]] * (rows // 2),
                    ),
                    Grid("Пусто", [Head("Площадка")], [], empty="никого не спрашивали"),
                    Note("Под таблицей.", small=True),
                ],
            ),
        ],
    )  # fmt: skip
