"""Reports to be read on paper: a booklet of topics, written as PDF and as a workbook.

It knows nothing of what it tells: whoever has the figures fills a `Booklet` with key figures, charts and
tables, in one language. `write_pdf` sets a topic on a page of its own, `write_book` a topic on a sheet.
"""

from reports.printed.booklet import (
    Block,
    Booklet,
    Estimate,
    Grid,
    Head,
    Key,
    Keys,
    Line,
    Lines,
    Note,
    Said,
    Shape,
    Stack,
    Stacks,
    Term,
    Topic,
    Whisker,
    Whiskers,
    Words,
)
from reports.printed.fonts import Fonts, FontsMissingError, find_fonts
from reports.printed.numerals import say, span
from reports.printed.pdf import write_pdf
from reports.printed.workbook import write_book

__all__ = [
    "Block",
    "Booklet",
    "Estimate",
    "Fonts",
    "FontsMissingError",
    "Grid",
    "Head",
    "Key",
    "Keys",
    "Line",
    "Lines",
    "Note",
    "Said",
    "Shape",
    "Stack",
    "Stacks",
    "Term",
    "Topic",
    "Whisker",
    "Whiskers",
    "Words",
    "find_fonts",
    "say",
    "span",
    "write_book",
    "write_pdf",
]
