"""Why an agent pauses: the reasons there are, whether they are paid, how long each may last."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from values import BadInputError, from_yaml

FILE: Final = Path(__file__).with_name("pauses.yaml")


class PauseReason(BaseModel, frozen=True, extra="forbid"):
    """One reason."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    """What is written down."""
    title: Mapping[str, str]
    """What people read, by language; English at least."""
    paid: bool
    longest: Annotated[int, Field(gt=0, le=24 * 60)]
    """Minutes after which the page reminds the agent and shows supervisors that it takes long."""

    def words(self, language: str) -> str:
        """The title in a language, in English where it has none."""
        return self.title.get(language) or self.title["en"]


_READ: Final = TypeAdapter(tuple[PauseReason, ...])


def load_pauses(file: Path = FILE) -> Sequence[PauseReason]:
    """The reasons of a file. Raises `BadInputError` naming what is wrong in it."""
    try:
        reasons = _READ.validate_python(from_yaml(file.read_bytes()))
    except (ValidationError, BadInputError) as problem:
        raise BadInputError(f"{file.name}: {problem}", field="pauses") from problem
    for reason in reasons:
        if not reason.title.get("en"):
            raise BadInputError(f"{reason.name} has no English title", field="pauses")
    if len({reason.name for reason in reasons}) < len(reasons):
        raise BadInputError("two reasons have one name", field="pauses")
    return reasons
