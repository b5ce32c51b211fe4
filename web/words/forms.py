"""Which form of a word goes with a number (Unicode's plural rules for our three languages). Pure."""


def form_of(language: str, count: object) -> str:
    """`one`, `few`, `many` or `other`."""
    if not isinstance(count, int):
        return "other"
    number = abs(count)
    if language != "ru":
        return "one" if number == 1 else "other"
    last, last_two = number % 10, number % 100
    if last == 1 and last_two != 11:  # noqa: PLR2004
        return "one"
    if last in {2, 3, 4} and last_two not in {12, 13, 14}:
        return "few"
    return "many"
