"""The letters that a PDF is set in. They must have Cyrillic ones, which PDF's own fonts lack."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from values import CentralinoError

FOLDERS: Final[Sequence[Path]] = (
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/dejavu"),
    Path("/usr/share/fonts/dejavu-sans-fonts"),
    Path("/usr/share/fonts/TTF"),
)
"""Where distributions put DejaVu."""
REGULAR: Final = "DejaVuSans.ttf"
BOLD: Final = "DejaVuSans-Bold.ttf"
NAME: Final = "centralino"
NAME_BOLD: Final = "centralino-bold"


class FontsMissingError(CentralinoError):
    """A PDF needs DejaVuSans.ttf and DejaVuSans-Bold.ttf: install fonts-dejavu-core, or set `fonts`."""

    error_id = "fonts-missing"


@dataclass(frozen=True, slots=True)
class Fonts:
    """The two faces."""

    regular: Path
    bold: Path

    def register(self) -> None:
        """Make them known to reportlab, which keeps them by name. Raises `FontsMissingError`."""
        for name, path in ((NAME, self.regular), (NAME_BOLD, self.bold)):
            try:
                pdfmetrics.registerFont(TTFont(name, str(path)))
            except (TTFError, OSError) as problem:
                raise FontsMissingError(
                    f"{path} is no TrueType font that can be read: {problem}"
                ) from problem
        pdfmetrics.registerFontFamily(NAME, normal=NAME, bold=NAME_BOLD, italic=NAME, boldItalic=NAME_BOLD)


def find_fonts(folder: Path | None = None) -> Fonts:
    """The fonts in a folder, else where distributions put them. Raises `FontsMissingError`."""
    for each in [folder] if folder else FOLDERS:
        found = Fonts(each / REGULAR, each / BOLD)
        if found.regular.is_file() and found.bold.is_file():
            return found
    if folder:
        raise FontsMissingError(f"the folder of the setting `fonts`, {folder}, lacks {REGULAR} or {BOLD}")
    raise FontsMissingError
