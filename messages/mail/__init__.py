"""Mail: a letter, and the mailer that hands it to the mail server."""

from messages.mail.errors import (
    MailLaterError,
    MailOffError,
    MailProblemError,
    MailRefusedError,
    MailUnsureError,
)
from messages.mail.letter import Attachment, Letter, address_of, message_of
from messages.mail.mailer import Mailer, MailSettings, Tls

__all__ = [
    "Attachment",
    "Letter",
    "MailLaterError",
    "MailOffError",
    "MailProblemError",
    "MailRefusedError",
    "MailSettings",
    "MailUnsureError",
    "Mailer",
    "Tls",
    "address_of",
    "message_of",
]
