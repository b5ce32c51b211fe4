"""What the accounts of telephones are called: an agent's on the desk and in the browser, a visitor's."""

from typing import Final

from customers.seed import number_of
from values import PhoneNumber

BROWSER: Final = "-web"
"""After the name of an agent's telephone: the account of the browser that may be rung instead."""
FIRST_VISITOR: Final = 9_990
"""The first customer of the town whose telephone a visitor's browser is."""


def browser_of(phone: str) -> str:
    """The account for the browser of whoever has this telephone."""
    return phone + BROWSER


def visitor_number(place: int) -> PhoneNumber:
    """The number of a visitor in the town: a customer's like any other."""
    return number_of(FIRST_VISITOR + place)
