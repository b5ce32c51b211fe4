"""What leaves the house in writing: webhooks to other systems, reports by mail, texts to customers."""

from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from centralino.core.herald import Herald
from centralino.jurisdiction import profile_of
from centralino.places import Places
from centralino.press import MonthlyPress
from centralino.rooms import Rooms
from centralino.settings import Settings
from centralino.texting import TextGate, carrier_of
from messages import Mailer, MailSettings
from messages.mail import Tls
from messages.sms import TextPost
from messages.webhooks import Addresses, Interest, Postman, Sender
from reports.schedules import Clerk
from values import Clock


class PostRoom:
    """Opened before anything is written down, so that no fact goes untold."""

    def __init__(self, settings: Settings, clock: Clock, places: Places) -> None:
        self._settings = settings
        self._clock = clock
        self._folder = places.home / "reports"
        self._works: list[Coroutine[Any, Any, None]] = []
        self._interest = Interest()
        self.herald = Herald(self._interest)

    @asynccontextmanager
    async def open(self, rooms: Rooms) -> AsyncIterator[None]:
        """Get ready."""
        settings, clock, db = self._settings, self._clock, rooms.db
        async with (
            Sender(Addresses(settings.webhook_networks)) as sender,
            carrier_of(settings) as carrier,
        ):
            postman = Postman(db, clock, sender, self._interest)
            await postman.refresh()
            press = MonthlyPress(db, clock, company=settings.company, fonts=settings.fonts)
            clerk = Clerk(db, clock, Mailer(mail_settings(settings), clock), self._folder, press)
            gate = TextGate(rooms, profile_of(settings))
            texts = TextPost(db, clock, carrier, gate.may_text, price=settings.text_price)
            self._works = [postman.run(), clerk.run(), texts.run()]
            try:
                yield
            finally:
                for work in self._works:
                    work.close()

    def works(self) -> list[Coroutine[Any, Any, None]]:
        """What is to run until the core ends; asked for once."""
        works, self._works = self._works, []
        return works


def mail_settings(settings: Settings) -> MailSettings:
    """The mail server as it is set."""
    return MailSettings(
        host=settings.smtp.host if settings.smtp else "",
        port=settings.smtp.port if settings.smtp else 0,
        tls=Tls(settings.smtp_tls),
        user=settings.smtp_user,
        password_file=settings.smtp_password_file,
        sender=settings.mail_from,
    )
