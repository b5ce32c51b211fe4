"""What may be asked of Asterisk, each value looked at before it is sent."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from ami.errors import ActionRefusedError, NoSuchChannelError, UnsafeValueError
from ami.fields import assignments, cause_code, named, safe
from ami.wire import Fields

NORMAL_CLEARING: Final = 16
_LONGEST_RING: Final = 600.0


@dataclass(frozen=True, slots=True)
class Originate:
    """One call to place: ring `channel`, and when it is answered run `context`, `exten` on it.

    `channel_id` becomes Asterisk's UNIQUEID of it; Asterisk refuses a second live one with the same id.
    """

    channel: str
    """Technology and address, as in `PJSIP/+393290000017@trunk`."""
    context: str
    exten: str
    channel_id: str
    caller_id: str = ""
    """What the called person sees: a number, or `"Name" <number>`."""
    timeout: float = 30.0
    """How many seconds to ring."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Channel variables, there from the start; a name with `__` before it is inherited by further legs."""
    priority: int = 1
    account: str = ""
    """What Asterisk's own call record carries as account code; no personal data."""

    def fields(self) -> dict[str, str | list[str]]:
        """The headers of the action. Raises `UnsafeValueError` naming the field."""
        if not 0 < self.timeout <= _LONGEST_RING:
            raise UnsafeValueError(f"{self.timeout} s is no time to ring", field="timeout")
        fields: dict[str, str | list[str]] = {
            "Channel": named("channel", self.channel, "dial"),
            "ChannelId": named("channel_id", self.channel_id, "id"),
            "Timeout": str(max(1, round(self.timeout * 1000))),
            "Async": "true",  # else it answers only when the ringing is over, and panoramisk fails on it
            **_destination(self.context, self.exten, self.priority),
        }
        if self.caller_id:
            fields["CallerID"] = safe("caller_id", self.caller_id)
        if self.account:
            fields["Account"] = named("account", self.account, "id")
        if self.variables:
            fields["Variable"] = assignments(self.variables)
        return fields


class DeviceState(StrEnum):
    """How a phone is, by what Asterisk knows of its registration and its calls."""

    UNKNOWN = "UNKNOWN"
    NOT_INUSE = "NOT_INUSE"
    INUSE = "INUSE"
    BUSY = "BUSY"
    INVALID = "INVALID"
    UNAVAILABLE = "UNAVAILABLE"
    RINGING = "RINGING"
    RINGINUSE = "RINGINUSE"
    ONHOLD = "ONHOLD"

    @property
    def reachable(self) -> bool:
        """Whether ringing it makes sense."""
        return self not in {DeviceState.UNKNOWN, DeviceState.INVALID, DeviceState.UNAVAILABLE}


class Commands(ABC):
    """The actions of a gateway. `channel` takes a channel's name or its unique id.

    Each raises `UnsafeValueError` before anything is sent, `ActionRefusedError` when Asterisk says no
    (`NoSuchChannelError` when the channel is gone) and `AmiUnavailableError` when it is not there to answer;
    then it is unknown whether the action was done, and it is never sent again.
    """

    @abstractmethod
    async def ask(self, action: str, fields: Fields, *, action_id: str = "") -> Any:
        """Send one action and give back its answer."""

    async def hang_up(self, channel: str, cause: int = NORMAL_CLEARING) -> bool:
        """End a channel with a Q.850 cause. False when it was gone already."""
        fields = {"Channel": named("channel", channel, "channel"), "Cause": cause_code(cause)}
        try:
            await self.ask("Hangup", fields)
        except NoSuchChannelError:
            return False
        return True

    async def redirect(
        self,
        channel: str,
        context: str,
        exten: str,
        priority: int = 1,
        *,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Send a channel somewhere else in the dialplan; its AGI session ends with HANGUP.

        The variables are set first, so that whoever takes it there finds them. A context that does not
        exist is not refused by Asterisk: it hangs up.
        """
        fields = {"Channel": named("channel", channel, "channel"), **_destination(context, exten, priority)}
        for name, value in (variables or {}).items():
            await self.set_variable(channel, name, value)
        await self.ask("Redirect", fields)

    async def set_variable(self, channel: str, name: str, value: str) -> None:
        """Set a channel variable, to just this value."""
        await self.ask(
            "Setvar",
            {
                "Channel": named("channel", channel, "channel"),
                "Variable": named("variable", name, "variable"),
                "Value": safe(name, value),
            },
        )

    async def variable(self, channel: str, name: str) -> str:
        """Read a channel variable; "" when it is not set."""
        fields = {
            "Channel": named("channel", channel, "channel"),
            "Variable": named("variable", name, "variable"),
        }
        return str((await self.ask("Getvar", fields)).value)

    async def mix_monitor(self, channel: str, file: str, *, options: str = "") -> None:
        """Record both sides of a channel. `file`: letters, digits, `.`, `_`, `-` and `/`, no `..`."""
        fields = {"Channel": named("channel", channel, "channel"), "File": named("file", file, "file")}
        if options:
            fields["Options"] = named("options", options, "options")
        await self.ask("MixMonitor", fields)

    async def stop_mix_monitor(self, channel: str) -> None:
        """End the recording of a channel."""
        await self.ask("StopMixMonitor", {"Channel": named("channel", channel, "channel")})

    async def command(self, line: str) -> list[str]:
        """Run a line of Asterisk's command line and give back all lines that it prints."""
        try:
            answer = await self.ask("Command", {"Command": safe("command", line)})
        except ActionRefusedError as refusal:
            raise ActionRefusedError(f"Command {line!r}", refusal.reason) from None
        printed = answer.output
        return list(printed) if isinstance(printed, list) else [printed] if printed else []

    async def device_state(self, endpoint: str) -> DeviceState:
        """How a PJSIP endpoint is.

        `PJSIPShowEndpoint` would say it too, but its password with it.
        """
        name = named("endpoint", endpoint, "endpoint")
        answer = await self.ask("Getvar", {"Variable": f"DEVICE_STATE(PJSIP/{name})"})
        return DeviceState(answer.value) if answer.value in set(DeviceState) else DeviceState.UNKNOWN

    async def reachable(self, endpoint: str) -> bool:
        """Whether a PJSIP endpoint is registered, so that ringing it makes sense.

        One whose contact is qualified counts from its first answer, some milliseconds after registering.
        """
        return (await self.device_state(endpoint)).reachable


def _destination(context: str, exten: str, priority: int) -> dict[str, str]:
    return {
        "Context": named("context", context, "place"),
        "Exten": named("exten", exten, "place"),
        "Priority": str(int(priority)),
    }
