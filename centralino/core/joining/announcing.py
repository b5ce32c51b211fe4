"""What a customer hears whom no agent could be given, and what an assistant is told that asks who calls."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from values import Scalar, Sound

OPT_OUT_KEY = "9"
MANDATORY = "mandatory_notice"
"""The purpose nobody can opt out of."""

ABANDONED: Mapping[str, str] = {
    "it": "Buongiorno, è {company}. L'abbiamo chiamata, ma ora nessun operatore è libero. Ci scusi.",
    "en": "Good day, this is {company}. We called you, but just now none of our staff is free. We are sorry.",
    "ru": "Здравствуйте, это {company}. Мы вам позвонили, но свободного оператора сейчас нет. Извините.",
}
OPT_OUT: Mapping[str, str] = {
    "it": "Per non ricevere più chiamate di questo tipo prema 9, oppure chiami il numero {number:digits}.",
    "en": "To receive no more calls of this kind press 9, or ring {number:digits}.",
    "ru": "Чтобы больше не получать таких звонков, нажмите 9 или позвоните по номеру {number:digits}.",
}
OPT_OUT_BY_KEY: Mapping[str, str] = {
    "it": "Per non ricevere più chiamate di questo tipo prema 9.",
    "en": "To receive no more calls of this kind press 9.",
    "ru": "Чтобы больше не получать таких звонков, нажмите 9.",
}
"""For calls that show no number."""
OPTED_OUT: Mapping[str, str] = {
    "it": "Va bene, non la chiameremo più. Arrivederci.",
    "en": "Very well, we will not call you again. Goodbye.",
    "ru": "Хорошо, мы больше не будем вам звонить. До свидания.",
}
WHO_CALLS: Mapping[str, str] = {
    "it": "Chiama {company}. Vorremmo parlare con l'intestatario della linea. Rimaniamo in attesa.",
    "en": "This is {company} calling. We would like to speak with the line's owner. We will hold the line.",
    "ru": "Звонит {company}. Мы хотели бы поговорить с владельцем линии. Мы подождём.",
}
CUT_OFF: Mapping[str, str] = {
    "it": "Ci scusi, la linea con il nostro operatore si è interrotta. Può richiamarci quando vuole.",
    "en": "We are sorry, the line to our colleague has broken off. You can ring us back whenever you like.",
    "ru": "Извините, связь с нашим сотрудником прервалась. Вы можете перезвонить нам в любое время.",
}
_TEXTS = {
    "abandoned": ABANDONED,
    "opt_out": OPT_OUT,
    "opt_out_by_key": OPT_OUT_BY_KEY,
    "opted_out": OPTED_OUT,
    "who_calls": WHO_CALLS,
    "cut_off": CUT_OFF,
}


class Speaker(Protocol):
    """Says texts; `ivr.speech.Voice` is one."""

    async def sounds(
        self, prompt: Mapping[str, str], values: Mapping[str, Scalar], *, language: str, slow: bool, key: str
    ) -> list[Sound]:
        """A text as sounds, rendered in time or replaced."""
        ...


class Announcements:
    """The texts in a house's name. Nothing in them sells anything: the law on abandoned calls forbids it."""

    def __init__(self, speaker: Speaker, company: str) -> None:
        self._speaker = speaker
        self._company = company

    async def prepare(self, languages: Sequence[str], numbers: Sequence[str]) -> None:
        """Render all of it ahead, with the numbers that calls show."""
        for language in languages:
            for key in _TEXTS:
                for number in numbers or [""]:
                    await self._say(key, language, number)

    async def abandoned(self, language: str, number: str, *, opt_out: bool) -> list[Sound]:
        """Who called, that we are sorry, and how to be called no more."""
        sounds = await self._say("abandoned", language, number)
        how = "opt_out" if number else "opt_out_by_key"
        return [*sounds, *(await self._say(how, language, number) if opt_out else [])]

    async def opted_out(self, language: str) -> list[Sound]:
        """That they will not be called again."""
        return await self._say("opted_out", language, "")

    async def who_calls(self, language: str) -> list[Sound]:
        """Company and reason. What the call is about is said to nobody but the customer."""
        return await self._say("who_calls", language, "")

    async def cut_off(self, language: str) -> list[Sound]:
        """That the agent they talked to has lost the network."""
        return await self._say("cut_off", language, "")

    async def _say(self, key: str, language: str, number: str) -> list[Sound]:
        values: dict[str, Scalar] = {"company": self._company, "number": number}
        texts = {
            each: text.replace("{company}", self._company)  # fixed words, so that they are kept with the text
            for each, text in _TEXTS[key].items()
        }
        return await self._speaker.sounds(texts, values, language=language, slow=False, key=f"joining.{key}")
