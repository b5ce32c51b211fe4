"""G.711: 8-bit A-law and µ-law to 16-bit samples and back, by tables."""

from bisect import bisect_left
from collections.abc import Sequence

RATE = 8000
FRAME = 160
"""Samples in 20 ms, the packet everybody sends."""

_BIAS = 33


def _from_ulaw(code: int) -> int:
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 1) + _BIAS << (code >> 4 & 0x07)) - _BIAS
    return (-magnitude if code & 0x80 else magnitude) * 4


def _from_alaw(code: int) -> int:
    code ^= 0x55
    exponent, mantissa = code >> 4 & 0x07, code & 0x0F
    magnitude = (mantissa << 1) + 1 if exponent == 0 else ((mantissa << 1) + _BIAS) << (exponent - 1)
    return (magnitude if code & 0x80 else -magnitude) * 8


class Codec:
    """One of the two laws."""

    def __init__(self, name: str, payload_type: int, expand: Sequence[int]) -> None:
        """`expand` gives the sample of each of the 256 codes."""
        self.name = name
        self.payload_type = payload_type
        self._expand = expand
        steps = sorted((sample, code) for code, sample in enumerate(expand))
        self._samples = [sample for sample, _ in steps]
        self._codes = [code for _, code in steps]
        self.silence = self.encode([0] * FRAME)

    def decode(self, payload: bytes) -> list[int]:
        """Samples of a payload."""
        expand = self._expand
        return [expand[code] for code in payload]

    def encode(self, samples: Sequence[int]) -> bytes:
        """The nearest codes."""
        return bytes(self._nearest(sample) for sample in samples)

    def _nearest(self, sample: int) -> int:
        place = bisect_left(self._samples, sample)
        if place == len(self._samples):
            return self._codes[-1]
        if place and sample - self._samples[place - 1] < self._samples[place] - sample:
            place -= 1
        return self._codes[place]


PCMU = Codec("PCMU", 0, [_from_ulaw(code) for code in range(256)])
PCMA = Codec("PCMA", 8, [_from_alaw(code) for code in range(256)])
BY_TYPE = {codec.payload_type: codec for codec in (PCMU, PCMA)}
