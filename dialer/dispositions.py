"""How an agent may say that a talk ended, and what each word means for the contact. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError, model_validator

from dialer.gate import Purpose, Suppression
from values import BadInputError, what_to_do

SUPPRESSIONS: Mapping[Purpose, Suppression] = {
    Purpose.MARKETING: Suppression.MARKETING,
    Purpose.SURVEY: Suppression.SURVEY,
    Purpose.SERVICE: Suppression.SERVICE,
    Purpose.COLLECTIONS: Suppression.COLLECTIONS,
    Purpose.MANDATORY_NOTICE: Suppression.SERVICE,
}
"""What an opt-out in a campaign withdraws unless its disposition says more: calls of that purpose.

A mandatory notice must be told all the same; whoever wants none hears no service calls any more."""


class Then(StrEnum):
    """What happens to the contact."""

    FINAL = "final"
    """It is done."""
    RETRY = "retry"
    """It is tried again by the campaign's rules for this word, or the house's."""
    CALL_BACK = "call_back"
    """The customer was promised a call at a time."""


class Disposition(BaseModel, frozen=True, extra="forbid"):
    """One word that an agent may end a talk with."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    title: Annotated[str, Field(min_length=1, max_length=80)]
    """What the agent reads."""
    key: Annotated[str, Field(pattern=r"^[0-9]{0,2}$")] = ""
    """The keys on the agent's telephone that say it; '' for none."""
    then: Then = Then.FINAL
    goal: bool = False
    """Whether the campaign's goal is reached."""
    right_party: bool = False
    """Whether the customer was spoken to, and not somebody else."""
    machine: bool = False
    """A machine had answered: whoever took it for a person was wrong."""
    wrong_number: bool = False
    """The number is not theirs: it is never called again for this customer or any other."""
    declined: bool = False
    """They said no to what was asked; some laws have them left alone for a while then."""
    opt_out: bool = False
    """They want no more such calls; it holds at once."""
    suppress: Suppression | None = None
    """What an opt-out withdraws; None: calls of the campaign's purpose."""
    fields: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], ...], Field(max_length=20)
    ] = ()
    """What the agent has to fill in."""

    @model_validator(mode="after")
    def _makes_sense(self) -> "Disposition":
        if (self.opt_out or self.goal) and self.then is not Then.FINAL:
            raise ValueError(
                "who opted out, or whose goal is reached, is not called again: then must be final"
            )
        if self.declined and (self.goal or self.machine or self.wrong_number):
            raise ValueError("declined is a customer's no: no goal, no machine's, no stranger's")
        if self.suppress is not None and not self.opt_out:
            raise ValueError("suppress is for an opt-out; set opt_out too")
        if self.machine and (self.right_party or self.wrong_number or self.opt_out or self.goal):
            raise ValueError("a machine is no right party, says no number is wrong, opts out of nothing")
        if self.wrong_number and self.right_party:
            raise ValueError("either the number is wrong or the right party was spoken to")
        return self

    @property
    def says_no(self) -> bool:
        """Whether it is a refusal, as laws count them: who wants no more such calls said no to this one."""
        return self.declined or self.opt_out

    def suppression(self, purpose: Purpose) -> Suppression | None:
        """What is entered into the do-not-call list for the number; None for nothing."""
        if self.wrong_number:
            return Suppression.NOT_THEIRS
        return (self.suppress or SUPPRESSIONS[purpose]) if self.opt_out else None


DEFAULT: Sequence[Disposition] = (
    Disposition(name="done", title="Done", key="1", goal=True, right_party=True),
    Disposition(name="not_interested", title="Not interested", key="2", right_party=True, declined=True),
    Disposition(name="call_back", title="Call back at a time", key="3", then=Then.CALL_BACK),
    Disposition(name="not_there", title="Not there, try again", key="4", then=Then.RETRY),
    Disposition(name="wrong_number", title="Wrong number", key="5", wrong_number=True),
    Disposition(
        name="do_not_call",
        title="Wants no more such calls",
        key="6",
        right_party=True,
        declined=True,
        opt_out=True,
    ),
    Disposition(name="machine", title="A machine", key="7", then=Then.RETRY, machine=True),
    Disposition(name="cut_off", title="Cut off", key="8", then=Then.RETRY),
)
"""For campaigns that have none of their own."""


def read_dispositions(data: Sequence[Mapping[str, Any]]) -> Sequence[Disposition]:
    """A campaign's dispositions, or the house's when it has none. Raises `BadInputError` naming the wrong."""
    if not data:
        return DEFAULT
    read = [_read(place, each) for place, each in enumerate(data)]
    for what in ("name", "key"):
        values = [getattr(each, what) for each in read if getattr(each, what)]
        if twice := sorted({each for each in values if values.count(each) > 1}):
            raise BadInputError(f"two have the {what} {twice[0]!r}; change one", field="dispositions")
    return read


def named(dispositions: Sequence[Disposition], name: str) -> Disposition:
    """One of them. Raises `BadInputError` telling which there are."""
    for each in dispositions:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in dispositions)
    raise BadInputError(f"there is no disposition {name!r}; there are: {known}", field="disposition")


def _read(place: int, data: Mapping[str, Any]) -> Disposition:
    try:
        return Disposition.model_validate(dict(data))
    except ValidationError as problem:
        first = problem.errors()[0]
        which = data.get("name") or place + 1
        where = ".".join([str(which), *(str(part) for part in first["loc"])])
        words = what_to_do(first, Disposition.model_fields)
        raise BadInputError(f"{where}: {words}", field="dispositions") from problem
