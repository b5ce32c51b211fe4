"""The monthly report: all that a month came to, as a booklet to print or to reckon on with."""

from web.opinion.monthly.book import Reader, monthly
from web.opinion.monthly.files import Form, file_of, name_of

__all__ = ["Form", "Reader", "file_of", "monthly", "name_of"]
