"""Small cells of a table by rows and by areas, whose sums are published both ways. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from surveys.figures.hiding import Path, hidden, sizes_of

Cell = tuple[Path, str]
"""A row and an area."""


def crossed(counts: Mapping[Cell, int], least: int) -> frozenset[Cell]:
    """The cells that are not to be shown.

    What the rows' sums make necessary is hidden in the areas too, and the other way about, until both have
    enough. Then it is reckoned whether a small cell still follows from all that is shown together, and one
    more is hidden as long as one does. What follows from the sums alone (a site that works in one area only)
    no hiding of cells could keep; those that are shown add nothing to it.
    """
    by_row = {_row_of(cell): n for cell, n in counts.items()}
    by_area = {_area_of(cell): n for cell, n in counts.items()}
    away: set[Cell] = set()
    while True:
        before = len(away)
        rows = hidden(by_row, least, [_row_of(cell) for cell in away])
        away |= {(path, area) for path, area in counts if (*path, area) in rows}
        areas = hidden(by_area, least, [_area_of(cell) for cell in away])
        away |= {(path, area) for path, area in counts if (area, *path) in areas}
        if len(away) == before:
            break
    cells = sorted((cell for cell, n in counts.items() if n), key=lambda cell: (counts[cell], cell))
    lines = [
        *_published(by_row, rows, cells, _row_of),
        *_published(by_area, areas, cells, _area_of),
    ]
    return frozenset(_proof(cells, lines, counts, away, least))


def _row_of(cell: Cell) -> Path:
    return (*cell[0], cell[1])


def _area_of(cell: Cell) -> Path:
    return (cell[1], *cell[0])


def _proof(
    cells: Sequence[Cell], lines: Sequence[int], counts: Mapping[Cell, int], away: set[Cell], least: int
) -> set[Cell]:
    """Hide the smallest shown cell as long as a small one follows from the rest."""
    alone = _basis(lines)
    kept = [
        1 << place
        for place, cell in enumerate(cells)
        if counts[cell] < least and not _follows(1 << place, alone)
    ]
    while True:
        unknown = sum(1 << place for place, cell in enumerate(cells) if cell in away)
        known = _basis(line & unknown for line in lines)
        shown = next((cell for cell in cells if cell not in away), None)
        if shown is None or not any(_follows(cell, known) for cell in kept):
            return away
        away.add(shown)


def _published(
    counts: Mapping[Path, int], gone: Collection[Path], cells: Sequence[Cell], leaf_of: Callable[[Cell], Path]
) -> Sequence[int]:
    """The sums that are shown, each as the set of its cells: a bit for each."""
    depth = max((len(path) for path in counts), default=0)
    sums = [path for path in sizes_of(counts) if len(path) < depth and path not in gone]
    return [
        sum(1 << place for place, cell in enumerate(cells) if leaf_of(cell)[: len(path)] == path)
        for path in sums
    ]


def _basis(lines: Iterable[int]) -> Mapping[int, int]:
    """Sums that do not follow from one another, by their highest bit.

    Reckoned with bits, that is modulo 2: sums of two trees make a totally unimodular matrix (J. Edmonds,
    1970), whose rank is the same whatever numbers one reckons with.
    """
    basis: dict[int, int] = {}
    for line in lines:
        rest = _reduced(line, basis)
        if rest:
            basis[rest.bit_length()] = rest
    return basis


def _follows(wanted: int, basis: Mapping[int, int]) -> bool:
    return _reduced(wanted, basis) == 0


def _reduced(line: int, basis: Mapping[int, int]) -> int:
    above = line.bit_length()
    while line and above:
        if line >> (above - 1) & 1 and above in basis:
            line ^= basis[above]
        above -= 1
    return line
