"""A survey that agents ask: what its plan says, and what becomes of its campaign. Pure.

cati: {mode: progressive, skill: surveys}
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dialer import CampaignPlan, Mode
from surveys.cati.converting import script_name
from surveys.cati.endings import ENDINGS
from values import refused

KEY: Final = "cati"


class Cati(BaseModel):
    """Who asks, and how calls and agents come together."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    mode: Literal["preview", "progressive"] = "progressive"
    """`preview`: the agent sees whom they are to ask before the call."""
    skill: str = Field(default="", max_length=40)
    """What the agent must know; empty: nothing in particular."""


def read_cati(plan: Mapping[str, Any]) -> Cati | None:
    """What a survey's plan says of it; None when a voice asks. Raises `BadInputError` naming the field."""
    given = plan.get(KEY)
    if given is None:
        return None
    try:
        return Cati.model_validate(given)
    except ValidationError as problem:
        raise refused(problem, at=f"plan.{KEY}", known=Cati.model_fields) from problem


def asked_by_agents(campaign: CampaignPlan, cati: Cati | None) -> CampaignPlan:
    """The survey's campaign with its questionnaire on the desk; unchanged when a voice asks."""
    if cati is None:
        return campaign
    return replace(
        campaign,
        mode=Mode(cati.mode),
        skill=cati.skill,
        script=script_name(campaign.flow),
        wrap_seconds=20.0,
        dispositions=[each.model_dump(mode="json") for each in ENDINGS],
    )
