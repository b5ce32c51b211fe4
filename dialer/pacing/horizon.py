"""The moments ahead at which a forecast looks, and tables read at them."""

from collections.abc import Iterable

AHEAD = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 11.0, 15.0, 20.0, 28.0)
"""Seconds from now; a call placed now is answered within them or hardly ever."""

Row = tuple[float, ...]
"""One probability a moment of `AHEAD`, and then the square of each: its sums give means and variances."""

NOTHING: Row = (0.0,) * (2 * len(AHEAD))


def row(chances: Iterable[float]) -> Row:
    """The row of these chances, one a moment ahead."""
    plain = tuple(chances)
    return plain + tuple(chance * chance for chance in plain)


def total(rows: list[Row]) -> Row:
    """The sum of rows, column by column."""
    return tuple(map(sum, zip(*rows, strict=True))) if rows else NOTHING
