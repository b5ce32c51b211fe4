"""Texts, wired: whether one may go is the dialler's gate to say, with the customers' wishes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from centralino.rooms import Rooms
from centralino.settings import Settings
from customers import Channel
from dialer import Purpose
from dialer.texts import WantedText, may_text
from messages.sms import Leave, TwilioCarrier, TwilioSettings, Wish
from values import CustomerId


class TextGate:
    """Answers for texts (`messages.sms.MayText`)."""

    def __init__(self, rooms: Rooms, profile: str) -> None:
        """`profile`: the jurisdiction that holds for what we send."""
        self._rooms = rooms
        self._profile = profile

    async def may_text(self, session: AsyncSession, wishes: Sequence[Wish], now: datetime) -> Sequence[Leave]:
        """One answer a wish, in order."""
        wanted = [
            WantedText(each.number, Purpose(each.purpose), each.customer_id, each.zone) for each in wishes
        ]
        verdicts = await may_text(session, self._rooms.gate, self._profile, wanted, self._words, now)
        return [Leave(each.allowed, "" if each.allowed else each.words, each.retry_at) for each in verdicts]

    async def _words(
        self, session: AsyncSession, asked: Sequence[tuple[str, Purpose]]
    ) -> Mapping[tuple[str, Purpose], bool]:
        said: dict[tuple[str, Purpose], bool] = {}
        for purpose in {purpose for _, purpose in asked}:
            ids = [CustomerId(customer) for customer, wanted in asked if wanted is purpose]
            now = self._rooms.db.clock.now()
            words = await self._rooms.customers.consents(session, ids, purpose.value, Channel.SMS, now)
            said |= {(customer, purpose): yes for customer, yes in words.items()}
        return said


def carrier_of(settings: Settings) -> TwilioCarrier:
    """Whoever takes our texts, as it is set."""
    return TwilioCarrier(twilio_settings(settings))


def twilio_settings(settings: Settings) -> TwilioSettings:
    """The account at Twilio."""
    return TwilioSettings(
        account=settings.twilio_account,
        token=settings.twilio_token.get_secret_value(),
        sender=settings.twilio_from,
        address=settings.twilio_address,
        callback=settings.twilio_callback,
    )
