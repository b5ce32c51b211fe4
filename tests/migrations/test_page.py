import re

import pytest

from centralino.migrations.page import PAGE, models, page
from store import Base

pytestmark = pytest.mark.unit


def test_the_reference_page_is_what_the_models_say() -> None:
    assert PAGE.read_text() == page(), "run: python -m centralino.migrations.page"


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__tablename__)
def test_every_table_says_how_long_it_is_kept(model: type[Base]) -> None:
    assert re.search(r"\b[Kk]ept\b|\bgoes\b|\bgone\b", model.__doc__ or "")
