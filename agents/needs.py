"""What a caller needs of an agent: skills, and the language they speak. Pure."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """What an agent must know, and what language they should speak with.

    Languages are skills like others, by their code (`it`). An agent who has none of the queue's languages
    among their skills is taken to speak its first one, so that a house of one language need write none down.
    """

    skills: frozenset[str] = frozenset()
    language: str = ""
    """'' any."""
    languages: tuple[str, ...] = ()
    """Those of the queue, its usual one first."""
    must: bool = False
    """Whether nobody else will do; otherwise who speaks it goes first."""

    def fits(self, skills: Collection[str]) -> bool:
        """Whether somebody with these skills can take them."""
        return self.skills <= frozenset(skills) and (not self.must or self.speaks(skills))

    def speaks(self, skills: Collection[str]) -> bool:
        """Whether somebody with these skills speaks their language."""
        if not self.language:
            return True
        spoken = [each for each in self.languages if each in skills] or list(self.languages[:1])
        return self.language in spoken


ANYBODY = Need()


def need_of(skill: str | Need) -> Need:
    """One skill ('' anybody) as a need."""
    if isinstance(skill, Need):
        return skill
    return Need(frozenset({skill})) if skill else ANYBODY
