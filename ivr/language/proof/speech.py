"""What is said: in every language, the same, and short enough to be listened to."""

from ivr.language.basics import PLACEHOLDER, Prompt
from ivr.language.document import Path
from ivr.language.model import LanguageStep, MenuStep
from ivr.language.problems import listing
from ivr.language.proof.subject import Subject
from ivr.language.texts import names_in, prompts_of

LONGEST = 30.0
"""Seconds of speech that people listen to without a pause."""
MOST_CHOICES = 5
LETTERS_A_SECOND = 15.0
"""How fast an announcement is read in the languages we ship; an estimate, on the slow side."""
VALUE_LETTERS = 20
"""What a filled-in value weighs: a date or an amount of money, spoken."""

_FITTING = {
    "digits": {"text", "number"},
    "number": {"text", "number"},
    "money": {"money", "number"},
    "date": {"date", "time"},
    "time": {"time"},
}


def spoken_seconds(text: str) -> float:
    """About how long a text takes to say."""
    return len(PLACEHOLDER.sub("x" * VALUE_LETTERS, text)) / LETTERS_A_SECOND


def prove_speech(subject: Subject) -> None:
    """Missing and surplus languages, differing values, prompts and menus that are too long."""
    for step, said in prompts_of(subject.flow):
        path: Path = ("steps", step, *said.path)
        _prove_languages(subject, said.prompt, path)
        for language, text in said.prompt.items():
            if said.aloud:
                _prove_length(subject, text, (*path, language))
            _prove_kinds(subject, text, (*path, language))
    for name, part in subject.flow.steps.items():
        if isinstance(part, MenuStep) and len(part.menu.choices) > MOST_CHOICES:
            told = (
                f"{len(part.menu.choices)} choices at once; people keep {MOST_CHOICES} in mind, so group them"
            )
            subject.report("F305", ("steps", name, "menu", "choices"), told, name=True)
        if isinstance(part, LanguageStep) and not names_in(part.language):
            _prove_change(subject, name, part.language)


def _prove_languages(subject: Subject, prompt: Prompt, path: Path) -> None:
    languages = subject.flow.languages
    missing = [language for language in languages if language not in prompt]
    if missing:
        subject.report(
            "F301",
            path,
            f"the text is missing in {listing(missing)}; every language of the flow needs it",
            name=True,
        )
    for language in prompt:
        if language not in languages:
            told = f"nobody will hear the text in {language!r}: the flow speaks {', '.join(languages)}"
            subject.report("F302", (*path, language), told, name=True)
    spoken = {language: names_in(text) for language, text in prompt.items() if language in languages}
    everything = frozenset[str]().union(*spoken.values())
    for language, names in spoken.items():
        if names != everything:
            lacking = listing("{" + name + "}" for name in everything - names)
            subject.report("F303", (*path, language), f"the text in {language!r} leaves out {lacking}")


def _prove_length(subject: Subject, text: str, path: Path) -> None:
    seconds = spoken_seconds(text)
    if seconds > LONGEST:
        told = f"about {seconds:.0f} seconds long; people listen for {LONGEST:.0f}, so shorten or split it"
        subject.report("F304", path, told)


def _prove_kinds(subject: Subject, text: str, path: Path) -> None:
    for name, kind in PLACEHOLDER.findall(text):
        given = subject.flow.inputs.get(name)
        if given and kind in _FITTING and given.type not in _FITTING[kind]:
            told = f"{{{name}:{kind}}} is spoken as {kind}, but the input is of type {given.type}"
            subject.report("F508", path, told)


def _prove_change(subject: Subject, step: str, language: str) -> None:
    if language not in subject.flow.languages:
        told = f"the flow does not speak {language!r}, only {', '.join(subject.flow.languages)}"
        subject.report("F613", ("steps", step, "language"), told)
