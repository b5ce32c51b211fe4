"""What can go wrong between us and Asterisk's manager interface."""

from values import BadInputError, CentralinoError


class AmiError(CentralinoError):
    """Asterisk's manager interface did not do what it was asked."""

    error_id = "ami"


class AmiUnavailableError(AmiError):
    """There is no connection to Asterisk; whether an action already sent was carried out is unknown."""

    error_id = "ami-unavailable"

    def __init__(self, message: str | None = None, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent
        """False when the action certainly never left us."""


class AmiTimeoutError(AmiUnavailableError):
    """Asterisk did not answer in time; whether the action was carried out is unknown."""

    error_id = "ami-timeout"


class AmiLoginError(AmiError):
    """Asterisk refused the name or the secret of our account; see its manager.conf and our secrets."""

    error_id = "ami-login"


class ActionRefusedError(AmiError):
    """Asterisk understood the action and said no."""

    error_id = "ami-refused"

    def __init__(self, action: str, reason: str) -> None:
        super().__init__(f"{action} refused: {reason}")
        self.action = action
        self.reason = reason


class NoSuchChannelError(ActionRefusedError):
    """The channel is gone, or never was."""

    error_id = "ami-no-channel"


class ChannelInUseError(AmiError):
    """A channel with this id is up or being placed; the same id cannot exist twice."""

    error_id = "ami-channel-in-use"


class UnsafeValueError(BadInputError):
    """A value would say something else to Asterisk than what was meant; nothing was sent."""

    error_id = "ami-unsafe-value"
