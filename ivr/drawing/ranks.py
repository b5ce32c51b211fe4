"""On which row each node stands: everything leads down, except the ways back."""

from collections.abc import Sequence

from ivr.drawing.plan import Link, LinkKind

_PASSES = 8


def split_ways_back(nodes: Sequence[str], links: Sequence[Link]) -> tuple[list[Link], list[Link]]:
    """The links that lead on, and those that lead back to a node one has come through (or to itself)."""
    onward: dict[str, list[Link]] = {node: [] for node in nodes}
    for one in sorted(links, key=lambda one: one.kind is LinkKind.FAILURE):
        onward[one.source].append(one)
    back: set[Link] = set()
    entered: set[str] = set()
    above: set[str] = set()
    for root in nodes:
        trail = [(root, iter(onward[root]))] if root not in entered else []
        entered.add(root)
        above.update(node for node, _ in trail)
        while trail:
            node, rest = trail[-1]
            link = next(rest, None)
            if link is None:
                trail.pop()
                above.discard(node)
            elif link.target in above:
                back.add(link)
            elif link.target not in entered:
                entered.add(link.target)
                above.add(link.target)
                trail.append((link.target, iter(onward[link.target])))
    return [link for link in links if link not in back], [link for link in links if link in back]


def rank(nodes: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """Rows from 0 downwards; every link leads to a later row, and none is longer than it has to be."""
    before: dict[str, list[Link]] = {node: [] for node in nodes}
    after: dict[str, list[Link]] = {node: [] for node in nodes}
    for link in links:
        before[link.target].append(link)
        after[link.source].append(link)
    order = _downwards(nodes, before, after)
    rows: dict[str, int] = {}
    for node in order:
        rows[node] = max((rows[link.source] + 1 for link in before[node]), default=0)
    for _ in range(_PASSES):
        for node in reversed(order):
            if after[node] and _pull(after[node]) > _pull(before[node]):
                rows[node] = min(rows[link.target] for link in after[node]) - 1
    lowest = min(rows.values(), default=0)
    return {node: row - lowest for node, row in rows.items()}


def _pull(links: Sequence[Link]) -> int:
    return sum(1 if link.kind is LinkKind.FAILURE else 3 for link in links)


def _downwards(
    nodes: Sequence[str], before: dict[str, list[Link]], after: dict[str, list[Link]]
) -> list[str]:
    """The nodes in an order in which every link leads on."""
    missing = {node: len(before[node]) for node in nodes}
    ready = [node for node in reversed(nodes) if not missing[node]]
    order: list[str] = []
    while ready:
        node = ready.pop()
        order.append(node)
        for link in reversed(after[node]):
            missing[link.target] -= 1
            if not missing[link.target]:
                ready.append(link.target)
    return order
