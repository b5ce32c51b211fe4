"""What to do about a line that YAML cannot read, in words for people who do not know YAML."""

import re

import yaml

_ADVICE: tuple[tuple[str, str, str], ...] = (
    (
        r"mapping values are not allowed",
        "F001",
        "one colon too many: a text with a colon and a space in it needs quotes; or the indentation is off",
    ),
    (r"scanning an alias", "F004", 'to YAML a * repeats something else; the key * needs quotes: "*"'),
    (r"scanning an anchor", "F001", "a text that begins with & needs quotes"),
    (r"character '\\t'", "F001", "there is a tab here; indent with spaces"),
    (
        r"found character '[@`%]'",
        "F001",
        "a text that begins with @, % or ` needs quotes",
    ),
    (
        r"quoted scalar.*(end of stream|document separator)",
        "F001",
        "the quotes of this text are never closed",
    ),
    (
        r"parsing a flow (mapping|sequence)",
        "F001",
        "a bracket before this is open, or a comma is missing; a text with { [ ? or a comma needs quotes",
    ),
    (r"expected ',' or", "F001", "the bracket before this is not closed, or a comma is missing"),
    (
        r"could not find expected ':'",
        "F001",
        "a colon is missing after the name in this line or the line before",
    ),
    (
        r"parsing a block mapping.*found '?<(scalar|block|flow)",
        "F001",
        'this does not continue what is before it: other indentation, or text after closing quotes or "}"',
    ),
    (
        r"parsing a block (mapping|collection)",
        "F001",
        "the indentation of this line does not match the lines around it",
    ),
    (
        r"unknown escape character",
        "F001",
        "a backslash in a text in double quotes needs another one: \\\\; or use single quotes",
    ),
    (
        r"expected the node content",
        "F001",
        "a value is missing here, or it begins with a sign that needs quotes",
    ),
    (
        r"<document start>",
        "F001",
        "this line does not belong to what stands before it; check its indentation",
    ),
)


def syntax_advice(error: yaml.MarkedYAMLError, text: str) -> tuple[str, str]:
    """The code of the problem, and what its author should do."""
    told = f"{error.context or ''} {error.problem or ''}"
    for pattern, code, advice in _ADVICE:
        if re.search(pattern, told, re.DOTALL):
            return code, f"{advice}{_shown(error, text)}"
    return "F001", f"YAML cannot read this: {error.problem}{_shown(error, text)}"


def _shown(error: yaml.MarkedYAMLError, text: str) -> str:
    lines = text.splitlines()
    if error.problem_mark is None or error.problem_mark.line >= len(lines):
        return ""
    line = lines[error.problem_mark.line].strip()
    return f" (the line is: {line[:60]}{'…' if len(line) > 60 else ''})" if line else ""  # noqa: PLR2004  (a glance)
