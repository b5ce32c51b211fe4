"""Which small cells are not shown, so that they cannot be reckoned from what is. Pure.

Cells are leaves of a tree: an agent in a team in a site of a partner. Every node with enough answers is
published, those with fewer are not (primary suppression). A hidden one could be had by taking the shown ones
from a sum that is published; so under each published sum either nothing is hidden or at least two, together
enough answers (complementary suppression; L. Willenborg, T. de Waal, Elements of Statistical Disclosure
Control, 2001).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

Path = tuple[str, ...]


def hidden(counts: Mapping[Path, int], least: int, forced: Collection[Path] = ()) -> frozenset[Path]:
    """The nodes of the tree that are not to be shown, at every level; `()` is the sum of all.

    `counts` has the leaves' answers, all of one depth; leaves of `forced` are hidden besides. It works from
    the sum downwards: what may be taken for known at a level is exactly what has been published above.
    """
    depth = max((len(path) for path in counts), default=0)
    sizes = sizes_of(counts)
    if sizes.get((), 0) < least:
        return frozenset(sizes)
    away: set[Path] = set()
    for level in range(1, depth + 1):
        nodes = [path for path in sizes if len(path) == level and sizes[path]]
        small = {path for path in nodes if sizes[path] < least}
        if level == depth:
            small |= {path for path in forced if sizes.get(path)}
        groups: dict[Path, list[Path]] = defaultdict(list)
        for path in nodes:
            groups[_known_above(path, away)].append(path)
        for group in groups.values():
            away |= _guarded(group, small, sizes, least)
    return frozenset(away)


def sizes_of(counts: Mapping[Path, int]) -> dict[Path, int]:
    """Each node's answers, from the leaves up to the sum of all."""
    sizes: dict[Path, int] = defaultdict(int)
    for path, n in counts.items():
        for level in range(len(path) + 1):
            sizes[path[:level]] += n
    return sizes


def _known_above(path: Path, away: Collection[Path]) -> Path:
    """The nearest node above that is published."""
    level = len(path) - 1
    while path[:level] in away:
        level -= 1
    return path[:level]


def _guarded(group: list[Path], small: Collection[Path], sizes: Mapping[Path, int], least: int) -> set[Path]:
    """Those of a group to hide: the small ones, and as many of the next smallest as it takes."""
    away = {path for path in group if path in small}
    shown = sorted((path for path in group if path not in away), key=lambda path: (sizes[path], path))
    while away and shown and (len(away) == 1 or sum(sizes[path] for path in away) < least):
        away.add(shown.pop(0))
    return away
