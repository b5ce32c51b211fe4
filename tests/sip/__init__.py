"""Telephones for tests: a SIP user agent with a voice, an ear and fingers, in plain asyncio.

    async with SipPhone("127.0.30.5") as phone:
        call = await phone.call("sip:0611@127.0.30.1:5060", caller="+393290000017")
        await call.answered()
        await call.hears()
        await call.press("1#")
        await call.hung_up()

No root, no fixed ports, many at once on one address. It knows what tests need (INVITE, ACK, BYE, CANCEL,
OPTIONS, REGISTER with digest, G.711, RFC 4733 keys) and nothing else.
"""

from tests.sip.behaviours import answers, never, refuses
from tests.sip.call import Call, CallState, RefusedError
from tests.sip.digest import Login
from tests.sip.g711 import PCMA, PCMU
from tests.sip.hearing import NotHeardError
from tests.sip.phone import Behaviour, SipPhone
from tests.sip.tones import tone

__all__ = [
    "PCMA",
    "PCMU",
    "Behaviour",
    "Call",
    "CallState",
    "Login",
    "NotHeardError",
    "RefusedError",
    "SipPhone",
    "answers",
    "never",
    "refuses",
    "tone",
]
