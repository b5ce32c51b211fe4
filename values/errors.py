"""The root of every error in the house."""


class CentralinoError(Exception):
    """Something went wrong."""

    error_id = "error"
    """A stable name for programs: API problems and logs carry it."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "error").strip().splitlines()[0])


class BadInputError(CentralinoError):
    """A value given from outside is not acceptable."""

    error_id = "bad-input"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        """Take the words for a person; `field` names the field, column or option they are about."""
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
