"""The paper: A4, margins, the line above and the line below each page."""

from typing import Any, Final

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from reports.printed.booklet import Booklet
from reports.printed.fonts import NAME, NAME_BOLD

MARGIN: Final = 18 * mm
WIDTH: Final = A4[0] - 2 * MARGIN
_TOP: Final = 24 * mm
_BOTTOM: Final = 20 * mm
INK: Final = HexColor("#17212b")
SOFT: Final = HexColor("#556270")
FAINT: Final = HexColor("#d5dbe1")


def _style(
    size: float, leading: float, colour: Color = INK, *, font: str = NAME, **more: Any
) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font}-{size}", fontName=font, fontSize=size, leading=leading, textColor=colour, **more
    )


STYLES: Final = {
    "title": _style(22, 28, font=NAME_BOLD),
    "period": _style(12, 18, SOFT, spaceAfter=14),
    "topic": _style(15, 20, font=NAME_BOLD, spaceAfter=4),
    "lead": _style(9.5, 14, SOFT, spaceAfter=10),
    "block": _style(10, 14, font=NAME_BOLD, spaceBefore=8, spaceAfter=4, keepWithNext=1),
    "text": _style(9, 13, spaceAfter=6),
    "small": _style(7.5, 10.5, SOFT, spaceAfter=4),
    "cell": _style(8, 10.5),
    "number": _style(8, 10.5, alignment=TA_RIGHT),
    "head": _style(7.5, 9.5, SOFT),
    "head_number": _style(7.5, 9.5, SOFT, alignment=TA_RIGHT),
    "key": _style(17, 21, font=NAME_BOLD),
    "key_label": _style(8, 11, SOFT),
    "term": _style(8.5, 12, font=NAME_BOLD, spaceBefore=5, keepWithNext=1),
    "means": _style(8.5, 12),
}


class Numbered(Canvas):  # type: ignore[misc]
    """Knows how many pages there are when it writes the number of each."""

    booklet: Booklet

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  (reportlab's name)
        """Keep the page until all are there."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages, each with its number."""
        for number, kept in enumerate(self._kept, 1):
            self.__dict__.update(kept)
            self._around(number, len(self._kept))
            super().showPage()
        super().save()

    def _around(self, page: int, pages: int) -> None:
        booklet, right = self.booklet, A4[0] - MARGIN
        self.setStrokeColor(FAINT)
        self.setLineWidth(0.6)
        self.setFillColor(SOFT)
        self.setFont(NAME, 7.5)
        if page > 1:
            above = A4[1] - 14 * mm
            self.drawString(MARGIN, above, booklet.title)
            self.drawRightString(right, above, booklet.period)
            self.line(MARGIN, above - 5, right, above - 5)
        below = 11 * mm
        self.line(MARGIN, below + 11, right, below + 11)
        at = booklet.made.strftime("%Y-%m-%d %H:%M")
        self.drawString(MARGIN, below, f"{booklet.company} · {booklet.words.made.replace('{at}', at)}")
        said = booklet.words.page.replace("{page}", str(page)).replace("{pages}", str(pages))
        self.drawRightString(right, below, said)


def canvas_for(booklet: Booklet) -> type[Numbered]:
    """A canvas that writes this booklet's lines."""
    return type("Pages", (Numbered,), {"booklet": booklet})


def template(file: Any, booklet: Booklet) -> BaseDocTemplate:
    """A document of one frame a page."""
    document = BaseDocTemplate(
        file, pagesize=A4, title=f"{booklet.title} – {booklet.period}", author=booklet.company,
        subject=booklet.period, lang=booklet.language.value, invariant=1,
    )  # fmt: skip
    frame = Frame(
        MARGIN,
        _BOTTOM,
        WIDTH,
        A4[1] - _TOP - _BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates(PageTemplate(frames=[frame]))
    return document
