"""Where a field stands in a YAML file."""

from collections.abc import Sequence

import yaml


def line_of(text: str, path: Sequence[str | int]) -> tuple[int, tuple[str | int, ...]]:
    """The line (from 1) of a field, and its path as far as the file has it.

    Pydantic's locations also name its own alternatives and defaults; such parts are passed over.
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line, found = 1, []
    for part in path:
        step = _child(node, part)
        if step is None:
            continue
        line, node = step
        found.append(part)
    return line, tuple(found)


def _child(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None
