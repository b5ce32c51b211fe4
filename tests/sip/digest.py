"""Digest authentication (RFC 2617, MD5), as SIP still uses it."""

import hashlib
import re
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Login:
    """A user and a password."""

    user: str
    password: str


def answer_challenge(challenge: str, login: Login, method: str, uri: str) -> str:
    """The value of the Authorization header that answers a WWW- or Proxy-Authenticate header."""
    asked = {
        name: quoted or bare for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', challenge)
    }
    realm, nonce = asked["realm"], asked["nonce"]
    ours, theirs = _md5(f"{login.user}:{realm}:{login.password}"), _md5(f"{method}:{uri}")
    fields = {"username": login.user, "realm": realm, "nonce": nonce, "uri": uri}
    extra = ""
    if "auth" in asked.get("qop", "").split(","):
        cnonce = secrets.token_hex(8)
        response = _md5(f"{ours}:{nonce}:00000001:{cnonce}:auth:{theirs}")
        fields["cnonce"] = cnonce
        extra = ", qop=auth, nc=00000001"
    else:
        response = _md5(f"{ours}:{nonce}:{theirs}")
    fields["response"] = response
    if "opaque" in asked:
        fields["opaque"] = asked["opaque"]
    quoted = ", ".join(f'{name}="{value}"' for name, value in fields.items())
    return f"Digest {quoted}, algorithm=MD5{extra}"


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
