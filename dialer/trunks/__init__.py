"""How much the way to the network bears: lines at once and calls a second, by trunk, and when one rests."""

from dialer.trunks.breaker import MOST_REST_SECONDS, Breaker, BreakerState, numbers_own
from dialer.trunks.bucket import Bucket
from dialer.trunks.capacity import Trunk, Trunks, TrunkState
from dialer.trunks.table import (
    TRUNK_SETTINGS,
    UnknownTrunkError,
    seed_trunks,
    set_trunk,
    trunk_rows,
    trunk_told,
    trunks_now,
)

__all__ = [
    "MOST_REST_SECONDS",
    "TRUNK_SETTINGS",
    "Breaker",
    "BreakerState",
    "Bucket",
    "Trunk",
    "TrunkState",
    "Trunks",
    "UnknownTrunkError",
    "numbers_own",
    "seed_trunks",
    "set_trunk",
    "trunk_rows",
    "trunk_told",
    "trunks_now",
]
