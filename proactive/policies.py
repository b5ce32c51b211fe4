"""Policies as data: a file that ships with a process, and the operator's own words over it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from values import BadInputError, from_yaml, refused

P = TypeVar("P", bound=BaseModel)


def read_policy(model: type[P], shipped: Path, own: Path | None = None) -> P:
    """What ships, with what the operator's own file says instead; a file that is not there says nothing.

    Raises `BadInputError` naming the file and the field.
    """
    said = dict(_words(shipped))
    if own is not None and own.exists():
        said |= _words(own)
        shipped = own
    try:
        return model.model_validate(said)
    except ValidationError as problem:
        wrong = refused(problem, known=model.model_fields)
        raise BadInputError(f"{shipped.name}: {wrong}", field=wrong.field) from problem


def _words(path: Path) -> Mapping[str, Any]:
    read = from_yaml(path.read_bytes(), field=path.name)
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise BadInputError("write names and values, as in `close_days: 2`", field=path.name)
    return read
