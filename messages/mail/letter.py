"""One letter, as it is written and as it goes over the wire. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from values import BadInputError

_PLAIN: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_LONGEST: Final = 254


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the words."""

    name: str
    kind: str
    """As in `text/csv`."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is to be sent to whom."""

    to: Sequence[str]
    subject: str
    text: str
    id: str
    """The same letter again has the same id, so that a mail program can tell."""
    attachments: Sequence[Attachment] = ()


def address_of(text: str, field_name: str = "recipients") -> str:
    """A mail address, checked. Raises `BadInputError` naming the field."""
    address = text.strip()
    if len(address) > _LONGEST or not _PLAIN.fullmatch(address):
        raise BadInputError(f"{address[:60]!r} is no mail address", field=field_name)
    return address


def message_of(letter: Letter, sender: str, at: datetime) -> EmailMessage:
    """The letter as a message (RFC 5322); `sender` is `Name <address>` or an address."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(letter.to)
    message["Subject"] = " ".join(letter.subject.split())  # one line, whatever a name holds
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.id}@{parseaddr(sender)[1].partition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's absence is answered to us
    message.set_content(letter.text)
    for each in letter.attachments:
        kind, _, more = each.kind.partition("/")
        words = {"charset": "utf-8"} if kind == "text" else None
        message.add_attachment(each.data, maintype=kind, subtype=more, filename=each.name, params=words)
    return message
