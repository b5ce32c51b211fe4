"""What can go wrong with signing in and with the people who do."""

from values import BadInputError, CentralinoError


class SignInError(CentralinoError):
    """Name and password do not go together."""

    error_id = "sign-in-refused"


class CodeNeededError(CentralinoError):
    """The password is right; the one-time code is still needed."""

    error_id = "code-needed"


class LockedError(CentralinoError):
    """This account is locked; an administrator can let it in again."""

    error_id = "account-locked"


class WaitError(CentralinoError):
    """There were too many failed attempts."""

    error_id = "too-many-attempts"

    def __init__(self, seconds: float) -> None:
        """Say how many seconds nobody may try."""
        self.seconds = max(1, round(seconds))
        super().__init__(f"There were too many failed attempts; try again in {self.seconds} seconds.")


class SessionsAwayError(CentralinoError):
    """Nobody can sign in just now, because Redis is away; try again in a moment."""

    error_id = "sessions-away"


class UnknownUserError(BadInputError):
    """Nobody is known by that name."""

    error_id = "unknown-user"


class UserExistsError(BadInputError):
    """The name is taken."""

    error_id = "user-exists"
