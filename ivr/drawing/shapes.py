"""The outline and the little picture of each kind of step."""

from ivr.drawing.svg import element, number

_ICONS = {
    "say": "M2 3.5h12v8H8l-3.5 3v-3H2z",
    "menu": "M3.5 3h.01M8 3h.01m4.5 0h.01M3.5 7.5h.01M8 7.5h.01M12.5 7.5h.01M3.5 12h.01M8 12h.01m4.5 0h.01",
    "ask": "M6 2 4.5 14M11.5 2 10 14M2.5 5.5h11.5M2 10.5h11.5",
    "rate": "M2.5 13.5v-3h2v3zM7 13.5v-6.5h2v6.5zM11.5 13.5v-11h2v11z",
    "do": "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z",
    "choose": "M8 14V9M8 9C8 6 3.5 7 3.5 2.5M8 9c0-3 4.5-2 4.5-6.5M1.5 4.5l2-2 2 2M10.5 4.5l2-2 2 2",
    "set": "M2.5 13.5l1-3.5 7.5-7.5 2.5 2.5L6 12.5z",
    "language": "M8 1.5a6.5 6.5 0 1 0 .01 0M1.5 8h13M8 1.5c-4 4-4 9 0 13M8 1.5c4 4 4 9 0 13",
    "hours": "M8 1.5a6.5 6.5 0 1 0 .01 0M8 4.5V8l3 2",
    "record": "M8 2a2 2 0 0 1 2 2v4a2 2 0 0 1-4 0V4a2 2 0 0 1 2-2zM3.5 8a4.5 4.5 0 0 0 9 0M8 12.5v2",
    "transfer": "M2.5 10V8a5.5 5.5 0 0 1 11 0v2M2.5 9.5h2v4h-2zM11.5 9.5h2v4h-2z",
    "run": "M2.5 2.5h8v8h-8zM5.5 13.5h8v-8",
    "mark": "M4 14.5v-12h8l-2 3 2 3H4",
    "page": "M3.5 1.5h9v13h-9zM6 5h4M6 8h4M6 11h2.5",
    "end": "M5.5 5.5h5v5h-5z",
}
_GOAL = "M3 8.5l3.5 3.5L13 4.5"


def icon(kind: str, x: float, y: float, *, goal: bool = False) -> str:
    """The picture of a kind, 16 by 16, its middle at a point."""
    path = _GOAL if kind == "end" and goal else _ICONS.get(kind, "")
    shift = f"translate({number(x - 8)} {number(y - 8)})"
    return element("path", d=path, class_="icon", transform=shift) if path else ""


def outline(  # noqa: PLR0911  (one a shape)
    kind: str, x: float, y: float, width: float, height: float
) -> list[str]:
    """The closed paths of a kind's shape, the outer one first; its upper left corner at a point."""
    right, bottom, middle = x + width, y + height, y + height / 2
    match kind:
        case "choose" | "hours":
            return [
                _polygon(
                    (x, middle),
                    (x + 14, y),
                    (right - 14, y),
                    (right, middle),
                    (right - 14, bottom),
                    (x + 14, bottom),
                )
            ]
        case "menu":
            cut = 9.0
            return [
                _polygon(
                    (x + cut, y), (right - cut, y), (right, y + cut), (right, bottom - cut),
                    (right - cut, bottom), (x + cut, bottom), (x, bottom - cut), (x, y + cut),
                )
            ]  # fmt: skip
        case "ask" | "rate":
            return [_polygon((x + 10, y), (right, y), (right - 10, bottom), (x, bottom))]
        case "transfer":
            return [_polygon((x, y), (right - 14, y), (right, middle), (right - 14, bottom), (x, bottom))]
        case "end" | "entry":
            return [_rounded(x, y, width, height, height / 2)]
        case "do":
            bars = "".join(f"M{number(bar)} {number(y)}V{number(bottom)}" for bar in (x + 6, right - 6))
            return [_rounded(x, y, width, height, 2), bars]
        case "run":
            return [_rounded(x, y, width, height, 6), _rounded(x + 3.5, y + 3.5, width - 7, height - 7, 3.5)]
        case "set" | "language" | "mark":
            return [_rounded(x, y, width, height, 4)]
        case _:
            return [_rounded(x, y, width, height, 12)]


def _polygon(*points: tuple[float, float]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    r = number(radius)
    across, along = number(width - 2 * radius), number(height - 2 * radius)
    return (
        f"M{number(x + radius)} {number(y)}h{across}a{r} {r} 0 0 1 {r} {r}v{along}a{r} {r} 0 0 1 -{r} {r}"
        f"h-{across}a{r} {r} 0 0 1 -{r} -{r}v-{along}a{r} {r} 0 0 1 {r} -{r}z"
    )
