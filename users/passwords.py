"""Passwords: argon2id, with what makes one too weak. Hashing takes a while on purpose: do it in a thread."""

import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from values import BadInputError

SHORTEST: Final = 10
LONGEST: Final = 200
_WORN: Final = frozenset(
    {
        "password", "passwort", "parola", "qwertyuiop", "qwerty", "letmein", "welcome", "administrator",
        "centralino", "iloveyou", "abcdefghij", "йцукенгшщз", "пароль", "benvenuto",
    }
)  # fmt: skip
"""What people choose first; with digits or signs behind it is no better."""
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that is mistaken for something else."""

_hasher: Final = PasswordHasher()
"""Argon2id with the library's own parameters (RFC 9106's for little memory: 64 MiB, three passes)."""
_NOBODYS: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)


def check_password(password: str, *, name: str = "") -> None:
    """Refuse a password that is too weak. Raises `BadInputError` naming `password`."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInputError(f"use {SHORTEST} to {LONGEST} characters; a few words are fine", field="password")
    plain = password.casefold()
    bare = plain.strip("0123456789!?.,-_#*+ ")
    if bare in _WORN or len(set(plain)) < 4 or (name and bare == name.casefold()):  # noqa: PLR2004
        raise BadInputError("is among the first that anybody would try; choose another", field="password")


def hash_password(password: str) -> str:
    """Argon2id's own form of a password, with its salt and its parameters."""
    return _hasher.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether this is the password; takes as long when there is none to compare with."""
    try:
        return _hasher.verify(kept or _NOBODYS, password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_worn(kept: str) -> bool:
    """Whether it was hashed with parameters of the past, and should be hashed anew."""
    return _hasher.check_needs_rehash(kept)


def fresh_password() -> str:
    """A password by chance, easy to type: four groups of four, 79 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)
