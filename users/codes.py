"""One-time codes (RFC 6238) as a second proof, and the recovery codes for who has lost them."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from users.models import RecoveryCode, User

STEP: Final = 30
"""Seconds for which a code holds."""
AROUND: Final = 1
"""How many steps a telephone's clock may be off."""
RECOVERY: Final = 10
"""How many recovery codes there are at once."""
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def fresh_secret() -> str:
    """A secret for an authenticator, in base 32."""
    return pyotp.random_base32()


def enrolment(secret: str, user: str, company: str) -> str:
    """What the QR code says: `otpauth://totp/…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=company)


def step_of(secret: str, code: str, now: datetime, *, after: int = 0) -> int:
    """Which step a code belongs to; 0 when it is none, or none after the one that was used last."""
    given = code.replace(" ", "")
    if not secret or not given.isascii() or not given.isdigit():
        return 0
    current = int(now.timestamp()) // STEP
    generator = pyotp.TOTP(secret)
    for step in range(current - AROUND, current + AROUND + 1):
        if step > after and hmac.compare_digest(generator.generate_otp(step), given):
            return step
    return 0


async def renew_recovery(session: AsyncSession, user: User) -> list[str]:
    """New recovery codes in place of the old; told once, kept as digests."""
    await drop_recovery(session, user)
    codes = [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(2))
        for _ in range(RECOVERY)
    ]
    session.add_all([RecoveryCode(digest=_digest(user.name, code), user=user.name) for code in codes])
    await session.flush()
    return codes


async def drop_recovery(session: AsyncSession, user: User) -> None:
    """No recovery code holds any more."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user == user.name))


async def use_recovery(session: AsyncSession, user: User, code: str) -> bool:
    """Whether this is one of theirs; it is used up by that."""
    given = _digest(user.name, code.strip().lower())
    gone = await session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.digest == given, RecoveryCode.user == user.name)
        .returning(RecoveryCode.user)
    )
    return gone.first() is not None


def _digest(user: str, code: str) -> str:
    return hashlib.sha256(f"{user}:{code}".encode("utf-8", "replace")).hexdigest()
