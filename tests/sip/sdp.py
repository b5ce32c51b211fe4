"""The few lines of SDP that say where voice goes and how it is coded."""

import re
from dataclasses import dataclass

from tests.sip.g711 import BY_TYPE, PCMA, PCMU, Codec


@dataclass(frozen=True, slots=True)
class Media:
    """One side's end of the voice."""

    host: str
    port: int
    codecs: tuple[Codec, ...] = (PCMA, PCMU)
    event_type: int | None = 101
    """The payload type of keys; None when the side knows none."""

    def text(self, version: int = 1) -> str:
        """As SDP."""
        types = [str(codec.payload_type) for codec in self.codecs]
        lines = [f"a=rtpmap:{codec.payload_type} {codec.name}/8000" for codec in self.codecs]
        if self.event_type is not None:
            types.append(str(self.event_type))
            lines += [f"a=rtpmap:{self.event_type} telephone-event/8000", f"a=fmtp:{self.event_type} 0-16"]
        head = [
            "v=0",
            f"o=- 1 {version} IN IP4 {self.host}",
            "s=-",
            f"c=IN IP4 {self.host}",
            "t=0 0",
            f"m=audio {self.port} RTP/AVP {' '.join(types)}",
        ]
        return "\r\n".join([*head, *lines, "a=ptime:20", "a=sendrecv", ""])


def read_sdp(text: str) -> Media:
    """The other side's end. Raises `ValueError` when there is no voice in it."""
    audio = re.search(r"^m=audio (\d+) \S+ ([\d ]+)", text, re.MULTILINE)
    place = re.search(r"^c=IN IP4 (\S+)", text, re.MULTILINE)
    if not audio or not place:
        raise ValueError("no voice in the session description")
    events = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", text, re.MULTILINE | re.IGNORECASE)
    codecs = tuple(BY_TYPE[int(kind)] for kind in audio[2].split() if int(kind) in BY_TYPE)
    return Media(place[1], int(audio[1]), codecs, int(events[1]) if events else None)
