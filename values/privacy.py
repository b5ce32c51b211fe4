"""How private digits are shown to people who need not know them."""

_SHOWN = 3


def mask_number(number: str) -> str:
    """A phone number with all but its last three digits hidden: `+39329•••••017`'s tail, `•••017`.

    Short codes (up to four digits, like 0611) are nobody's and stay whole.
    """
    digits = number.lstrip("+")
    if len(digits) <= _SHOWN + 1:
        return number
    return "•" * (len(digits) - _SHOWN) + digits[-_SHOWN:]


def mask_digits(digits: str) -> str:
    """Private keys as a row of dots, one each."""
    return "•" * len(digits)
