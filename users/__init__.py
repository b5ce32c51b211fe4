"""Who signs in: people with a role, programs with a token, their sessions, and what they did. Floor 1.

`Door` lets people in, `Sessions` knows who is in, `RIGHTS` says what each role may do (pure). Deeds are
written with `note_deed` in the transaction of what was done.
"""

from users.codes import drop_recovery, enrolment, fresh_secret, renew_recovery, step_of
from users.deeds import DeedFilter, DeedPage, deeds, note_deed
from users.door import Door
from users.errors import (
    CodeNeededError,
    LockedError,
    SessionsAwayError,
    SignInError,
    UnknownUserError,
    UserExistsError,
    WaitError,
)
from users.lockout import Lockout
from users.models import ApiToken, Deed, User
from users.passwords import check_password, fresh_password, hash_password
from users.people import (
    LANGUAGES,
    THEMES,
    Person,
    add_user,
    agents_of,
    change_user,
    remove_user,
    rights_of,
    user_named,
    users,
)
from users.roles import RIGHTS, Right, Role
from users.sessions import ABSOLUTE, Session, Sessions
from users.tokens import TokenHolder, holder_of, make_token, note_used, revoke_token, tokens_of

__all__ = [
    "ABSOLUTE",
    "LANGUAGES",
    "RIGHTS",
    "THEMES",
    "ApiToken",
    "CodeNeededError",
    "Deed",
    "DeedFilter",
    "DeedPage",
    "Door",
    "LockedError",
    "Lockout",
    "Person",
    "Right",
    "Role",
    "Session",
    "Sessions",
    "SessionsAwayError",
    "SignInError",
    "TokenHolder",
    "UnknownUserError",
    "User",
    "UserExistsError",
    "WaitError",
    "add_user",
    "agents_of",
    "change_user",
    "check_password",
    "deeds",
    "drop_recovery",
    "enrolment",
    "fresh_password",
    "fresh_secret",
    "hash_password",
    "holder_of",
    "make_token",
    "note_deed",
    "note_used",
    "remove_user",
    "renew_recovery",
    "revoke_token",
    "rights_of",
    "step_of",
    "tokens_of",
    "user_named",
    "users",
]
