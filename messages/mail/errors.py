"""What can become of a letter that was not taken."""

from values import CentralinoError


class MailProblemError(CentralinoError):
    """The letter could not be sent."""

    error_id = "mail-problem"


class MailOffError(MailProblemError):
    """No mail server is set, so nothing is sent: set smtp and mail_from (docs/reference/settings.md)."""

    error_id = "mail-off"


class MailLaterError(MailProblemError):
    """The mail server is away or busy; it has not taken the letter, so it may be tried again."""

    error_id = "mail-later"


class MailRefusedError(MailProblemError):
    """The mail server will not take this letter, now or later."""

    error_id = "mail-refused"


class MailUnsureError(MailProblemError):
    """The connection broke off after the letter was handed over: it may have been sent, or not."""

    error_id = "mail-unsure"
