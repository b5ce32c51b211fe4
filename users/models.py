"""What is kept about the people who sign in, about programs that do, and about what they did."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store import Base, Big, Json
from users.roles import Role


class User(Base):
    """Somebody who signs in. Kept while they work here; a removed one leaves only their name in `deeds`."""

    __tablename__ = "users"

    name: Mapped[str] = mapped_column(primary_key=True)
    """What they sign in as: lower-case letters, digits, `.`, `_` and `-`."""
    title: Mapped[str]
    """What people call them."""
    role: Mapped[Role]
    partner: Mapped[str]
    """Whose people they are: the partner of an agent, the one that a partner manager sees; '' the house's."""
    agent: Mapped[str]
    """The name of the agent's card they work as; '' for nobody who takes calls."""
    language: Mapped[str]
    """Of the pages: `en`, `it`, `ru`; '' as their browser asks."""
    theme: Mapped[str]
    """`light`, `dark`, or '' as their system has it."""
    password: Mapped[str]
    """Argon2id's own form; '' when they cannot sign in by one."""
    totp: Mapped[str]
    """The secret of their one-time codes; '' when they use none."""
    totp_step: Mapped[int] = mapped_column(Big)
    """The last step whose code was used: no code counts twice."""
    locked: Mapped[bool]
    """Somebody locked them out, until somebody lets them in again."""
    must_change: Mapped[bool]
    """The password was given to them; they choose their own at the next sign-in."""
    sessions_from: Mapped[datetime]
    """Sessions that began before are over."""
    created: Mapped[datetime]
    last_seen: Mapped[datetime | None]
    """When they last signed in."""


class RecoveryCode(Base):
    """A way in for who has lost their one-time codes; each works once. Kept until it is used or replaced."""

    __tablename__ = "recovery_codes"

    digest: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the code with its user's name; codes have 50 bits of chance."""
    user: Mapped[str] = mapped_column(index=True)


class ApiToken(Base):
    """A way in for a program, with some of its owner's rights. Kept until it is revoked or long expired."""

    __tablename__ = "api_tokens"

    id: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(index=True)
    """Whose it is: it can never do more than they may."""
    label: Mapped[str]
    """What it is for, in its owner's words."""
    digest: Mapped[str]
    """SHA-256 of the secret part, which has 192 bits of chance."""
    scopes: Mapped[Sequence[str]] = mapped_column(Json)
    """Names of rights."""
    created: Mapped[datetime]
    expires: Mapped[datetime | None]
    used: Mapped[datetime | None]
    """When it was last used, to the minute or so."""


class Deed(Base):
    """Somebody did something that mattered: the audit log. Rows are only added. Kept 5 years."""

    __tablename__ = "deeds"

    seq: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str]
    """The user, `token:` and a token's id, or the program."""
    did: Mapped[str]
    """As in `user.added`, `campaign.paused`, `recording.heard`."""
    subject: Mapped[str]
    """Whom or what it was done to."""
    detail: Mapped[Mapping[str, Any]] = mapped_column(Json)
    """What else is worth knowing: no secret, no number in clear."""
    address: Mapped[str]
    """Where the request came from."""

    __table_args__ = (
        Index("ix_deeds_by", "by", "seq"),
        Index("ix_deeds_did", "did", "seq"),
        Index("ix_deeds_subject", "subject", "seq"),
    )


class KeptAnswer(Base):
    """What a program was answered that sent an idempotency key, to answer the same again. Kept a day."""

    __tablename__ = "kept_answers"

    who: Mapped[str] = mapped_column(primary_key=True)
    """The user, or the program with the house's own token."""
    key: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[str]
    """HMAC of the method, the path and the body under a secret of the house: no PIN in it can be guessed."""
    at: Mapped[datetime]
    status: Mapped[int]
    """0 while it is being worked on."""
    kind: Mapped[str]
    """The answer's content type."""
    location: Mapped[str]
    body: Mapped[str]
