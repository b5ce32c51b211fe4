"""Handing letters to the mail server (SMTP). It is told apart what is certain not to have been sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from ssl import SSLContext
from typing import Final

import aiosmtplib
import structlog

from messages.mail.errors import MailLaterError, MailOffError, MailRefusedError, MailUnsureError
from messages.mail.letter import Letter, message_of
from values import Clock

log = structlog.get_logger(__name__)

SECONDS: Final = 30.0
"""How long each answer of the server may take."""
_FOR_GOOD: Final = 500


class Tls(StrEnum):
    """How the connection is kept to ourselves."""

    STARTTLS = "starttls"
    """In clear at first, then encrypted before anything is said; usual on port 587."""
    TLS = "tls"
    """From the first byte; usual on port 465."""
    NONE = "none"
    """Never: only for a server on this machine. No password is sent so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mail server. Without a host nothing is sent."""

    host: str = ""
    port: int = 587
    tls: Tls = Tls.STARTTLS
    user: str = ""
    password_file: Path | None = None
    """Read at each connection, so that a new password holds at once."""
    sender: str = ""
    """Who writes: `Centralino <reports@example.com>`."""
    context: SSLContext | None = field(default=None, repr=False)
    """Which authorities are trusted; None: the system's."""

    @property
    def on(self) -> bool:
        """Whether anything can be sent."""
        return bool(self.host and self.sender)


class Mailer:
    """Sends letters, each over a connection of its own."""

    def __init__(self, settings: MailSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    @property
    def on(self) -> bool:
        """Whether a mail server is set."""
        return self._settings.on

    async def send(self, letter: Letter) -> Sequence[str]:
        """Send a letter; gives the recipients whom the server would not take, while it took others.

        Raises `MailOffError`, `MailLaterError`, `MailRefusedError`, `MailUnsureError`.
        """
        settings = self._settings
        if not settings.on:
            raise MailOffError
        message = message_of(letter, settings.sender, self._clock.now())
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.tls is Tls.TLS,
            start_tls=settings.tls is Tls.STARTTLS,
            tls_context=settings.context,
            timeout=SECONDS,
        )
        try:
            await self._connect(client)
            refused = await self._address(client, letter)
            await _hand_over(client, message.as_bytes())
        finally:
            client.close()
        log.info("mail.sent", letter=letter.id, recipients=len(letter.to) - len(refused))
        return refused

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        settings = self._settings
        try:
            await client.connect()
            if settings.user and settings.tls is not Tls.NONE:
                await client.login(settings.user, self._password())
        except aiosmtplib.SMTPAuthenticationError as problem:
            raise MailLaterError(f"the mail server does not let us in: {_words(problem)}") from problem
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as problem:
            raise MailLaterError(f"no connection to the mail server: {_words(problem)}") from problem

    def _password(self) -> str:
        file = self._settings.password_file
        try:
            return file.read_text(encoding="utf-8").strip() if file else ""
        except OSError as problem:
            raise MailLaterError(f"smtp_password_file cannot be read: {problem.strerror}") from problem

    async def _address(self, client: aiosmtplib.SMTP, letter: Letter) -> list[str]:
        """Say from whom and to whom; at least one recipient must be taken."""
        refused: dict[str, aiosmtplib.SMTPException] = {}
        try:
            await client.mail(parseaddr(self._settings.sender)[1])
            for each in letter.to:
                try:
                    await client.rcpt(each)
                except aiosmtplib.SMTPRecipientRefused as problem:
                    refused[each] = problem
        except aiosmtplib.SMTPResponseException as problem:
            raise _said_no(problem) from problem
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as problem:
            raise MailLaterError(f"the mail server broke off: {_words(problem)}") from problem
        if len(refused) == len(letter.to):
            raise _said_no(next(iter(refused.values())))
        return sorted(refused)


async def _hand_over(client: aiosmtplib.SMTP, message: bytes) -> None:
    try:
        await client.data(message)
    except aiosmtplib.SMTPResponseException as problem:
        raise _said_no(problem) from problem
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as problem:
        raise MailUnsureError from problem


def _said_no(problem: aiosmtplib.SMTPException) -> MailLaterError | MailRefusedError:
    code = getattr(problem, "code", 0)
    kind = MailRefusedError if code >= _FOR_GOOD else MailLaterError
    return kind(f"the mail server said: {_words(problem)}")


def _words(problem: BaseException) -> str:
    code, message = getattr(problem, "code", None), getattr(problem, "message", None) or str(problem)
    words = " ".join(str(message).split()) or type(problem).__name__
    return f"{code} {words}"[:300] if code else words[:300]
