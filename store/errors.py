"""What can go wrong with keeping things."""

from values import BadInputError, CentralinoError


class StoreUnavailableError(CentralinoError):
    """The database cannot be reached, or gave up on us; nothing of this transaction was kept."""

    error_id = "store-unavailable"


class StoreAddressError(BadInputError):
    """The database's or Redis's address is none we can use."""

    error_id = "store-address"
