"""Calls and agents' scripts are published under one roof: two of a name would take each other's place."""

from collections import Counter

import pytest

from centralino.rooms import flow_files, script_files
from ivr.language import load_flow

pytestmark = pytest.mark.unit


def test_no_flow_and_no_script_share_a_name() -> None:
    files = [*flow_files(), *script_files()]
    names = Counter(load_flow(path.read_text("utf-8"), file=path.name).flow.flow for path in files)
    assert [name for name, times in names.items() if times > 1] == []
