"""SIP messages: text in, text out."""

import re
from dataclasses import dataclass, field

_SHORT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
}
_BRANCH = re.compile(r"branch=([^;,\s]+)")
_TAG = re.compile(r";\s*tag=([^;>\s]+)")
_URI = re.compile(r"<([^>]+)>")


@dataclass(slots=True)
class Message:
    """A request (`method` and `uri`) or a response (`status` and `reason`)."""

    method: str = ""
    uri: str = ""
    status: int = 0
    reason: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    def __getitem__(self, name: str) -> str:
        """The first header of a name; '' when there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def every(self, name: str) -> list[str]:
        """All headers of a name, in order."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]

    @property
    def cseq(self) -> tuple[int, str]:
        """The number of the request within its dialog, and its method."""
        number, _, method = self["CSeq"].partition(" ")
        return int(number), method.strip()

    @property
    def branch(self) -> str:
        """What tells transactions apart."""
        found = _BRANCH.search(self["Via"])
        return found[1] if found else ""

    def tag(self, header: str) -> str:
        """The tag of From or To."""
        found = _TAG.search(self[header])
        return found[1] if found else ""

    def address(self, header: str) -> str:
        """The URI inside a header such as Contact or From."""
        found = _URI.search(self[header])
        return found[1] if found else self[header].partition(";")[0].strip()

    def packed(self) -> bytes:
        """As it goes over the wire."""
        first = f"{self.method} {self.uri} SIP/2.0" if self.method else f"SIP/2.0 {self.status} {self.reason}"
        lines = [first, *(f"{name}: {value}" for name, value in self.headers)]
        body = self.body.encode()
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def read_message(data: bytes) -> Message | None:
    """Read a datagram; None for a keep-alive or what is no SIP."""
    head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    words = first.split(" ", 2)
    if len(words) < 3:
        return None
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            name = _SHORT.get(name.strip().lower(), name.strip())
            headers.append((name, value.strip()))
    if words[0] == "SIP/2.0":
        return Message(status=int(words[1]), reason=words[2], headers=headers, body=body)
    return Message(method=words[0], uri=words[1], headers=headers, body=body)
