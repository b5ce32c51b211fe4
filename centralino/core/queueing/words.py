"""What callers hear while they wait, in three languages. Nothing in it promises what nobody knows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from agents.queues import Queue
from agents.queues.estimate import FINE_MINUTES, MOST_MINUTES, Told, rounded
from centralino.core.joining.announcing import Speaker
from values import Scalar, Sound

CALL_BACK_KEY: Final = "1"
POSITIONS: Final = 15
"""Places that are rendered ahead."""
Texts = Mapping[str, str]

TEXTS: Final[Mapping[str, Texts]] = {
    "next": {
        "it": "La sua chiamata è la prossima.",
        "en": "You are the next to speak to an operator.",
        "ru": "Ваш звонок – следующий.",
    },
    "position": {
        "it": "Il suo posto in coda è il numero {position:number}.",
        "en": "You are number {position:number} in the queue.",
        "ru": "Ваш номер в очереди: {position:number}.",
    },
    "less_than_a_minute": {
        "it": "L'attesa prevista è di meno di un minuto.",
        "en": "The expected wait is less than a minute.",
        "ru": "Ожидание займёт меньше минуты.",
    },
    "one_minute": {
        "it": "L'attesa prevista è di circa un minuto.",
        "en": "The expected wait is about one minute.",
        "ru": "Ожидание займёт около минуты.",
    },
    "minutes": {
        "it": "L'attesa prevista, in minuti, è di circa {minutes:number}.",
        "en": "The expected wait, in minutes, is about {minutes:number}.",
        "ru": "Ожидание в минутах, примерно: {minutes:number}.",
    },
    "more_than_half_an_hour": {
        "it": "L'attesa prevista supera la mezz'ora.",
        "en": "The expected wait is more than half an hour.",
        "ru": "Ожидание займёт больше получаса.",
    },
    "offer": {
        "it": "Se vuole che la richiamiamo senza perdere il posto prema 1.",
        "en": "To be called back without losing your place press 1.",
        "ru": "Чтобы мы перезвонили вам, а ваше место сохранилось, нажмите 1.",
    },
    "kept": {
        "it": "Il suo posto resta riservato: la richiameremo al numero da cui chiama. Arrivederci.",
        "en": "We keep your place and will call you on the number you are calling from. Goodbye.",
        "ru": "Ваше место сохранено: мы перезвоним на номер, с которого вы звоните. До свидания.",
    },
    "closed": {
        "it": "In questo momento i nostri operatori non rispondono.",
        "en": "Our operators are not answering at this time.",
        "ru": "Сейчас операторы не отвечают.",
    },
    "offer_closed": {
        "it": "Se vuole che la richiamiamo alla riapertura prema 1.",
        "en": "To be called back when we open press 1.",
        "ru": "Чтобы мы перезвонили после открытия, нажмите 1.",
    },
    "overflow": {
        "it": "Ci scusi, l'attesa è più lunga del previsto.",
        "en": "We are sorry, it takes longer than expected.",
        "ru": "Извините, ожидание дольше обычного.",
    },
}


class QueueWords:
    """Says them. A queue's own words for closing and overflow go before the house's."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    async def prepare(self, queues: Iterable[Queue], languages: Sequence[str]) -> None:
        """Render all of it ahead: a caller is told at once, or not at all."""
        for language in languages:
            for key in TEXTS:
                for values in _all_values(key):
                    await self._say(key, language, values)
            for each in queues:
                for kind in each.messages:
                    await self._own(each, kind, language)

    async def place(self, queue: Queue, language: str, position: int, estimate: float | None) -> list[Sound]:
        """Place and estimated wait, as far as the queue tells them and anybody knows."""
        sounds: list[Sound] = []
        if queue.tell_position:
            key = "next" if position == 1 else "position"
            sounds += await self._say(key, language, {"position": position})
        told = rounded(estimate) if queue.tell_estimate else None
        if told is not None:
            sounds += await self._say(_key_of(told), language, {"minutes": told.minutes})
        return sounds

    async def offer(self, language: str, *, closed: bool = False) -> list[Sound]:
        """How to be called back."""
        return await self._say("offer_closed" if closed else "offer", language, {})

    async def kept(self, language: str) -> list[Sound]:
        """That they will be."""
        return await self._say("kept", language, {})

    async def closed(self, queue: Queue, language: str) -> list[Sound]:
        """That nobody answers now."""
        return await self._own(queue, "closed", language)

    async def overflow(self, queue: Queue, language: str) -> list[Sound]:
        """That it takes too long."""
        return await self._own(queue, "overflow", language)

    async def _own(self, queue: Queue, kind: str, language: str) -> list[Sound]:
        own = queue.messages.get(kind)
        if own:
            return await self._speaker.sounds(
                own, {}, language=language, slow=False, key=f"queues.{queue.name}.{kind}"
            )
        return await self._say(kind, language, {})

    async def _say(self, key: str, language: str, values: Mapping[str, Scalar]) -> list[Sound]:
        return await self._speaker.sounds(
            TEXTS[key], values, language=language, slow=False, key=f"queues.{key}"
        )


def _key_of(told: Told) -> str:
    if told.more:
        return "more_than_half_an_hour"
    return {0: "less_than_a_minute", 1: "one_minute"}.get(told.minutes, "minutes")


def _all_values(key: str) -> list[dict[str, Scalar]]:
    if key == "position":
        return [{"position": place} for place in range(2, POSITIONS + 1)]
    if key == "minutes":
        coarse = range(FINE_MINUTES + 5, MOST_MINUTES + 1, 5)
        return [{"minutes": minutes} for minutes in (*range(2, FINE_MINUTES + 1), *coarse)]
    return [{}]
