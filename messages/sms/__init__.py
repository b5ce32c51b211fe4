"""Texts to telephones (SMS): queued with the fact they tell of, sent once each, and heard of afterwards.

`queue_texts` writes them in the caller's transaction; `TextPost` asks whether each may go, and hands it to a
`Carrier` (`TwilioCarrier`); `take_status` notes what the network says. When one is over, `TEXT_DONE` says so.
"""

from messages.sms.models import OVER, TextMessage, TextState
from messages.sms.outcomes import TEXT_DONE
from messages.sms.ports import Carrier, Leave, MayText, Receipt, Wish, anybody
from messages.sms.post import TextPost
from messages.sms.queue import Text, queue_texts, withdraw_texts
from messages.sms.segments import Alphabet, Size, size_of
from messages.sms.status import SIGNATURE, STATUS_PATH, Status, status_address, status_of, take_status
from messages.sms.twilio import TwilioCarrier, TwilioSettings, is_signed
from messages.sms.words import TextBook

__all__ = [
    "OVER",
    "SIGNATURE",
    "STATUS_PATH",
    "TEXT_DONE",
    "Alphabet",
    "Carrier",
    "Leave",
    "MayText",
    "Receipt",
    "Size",
    "Status",
    "Text",
    "TextBook",
    "TextMessage",
    "TextPost",
    "TextState",
    "TwilioCarrier",
    "TwilioSettings",
    "Wish",
    "anybody",
    "is_signed",
    "queue_texts",
    "size_of",
    "status_address",
    "status_of",
    "take_status",
    "withdraw_texts",
]
