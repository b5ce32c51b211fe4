"""A body that no program means is refused in words, wherever it is sent."""

import pytest

from tests.web.conftest import Client

pytestmark = pytest.mark.database


@pytest.mark.parametrize("deep", [101, 300, 950])
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "one"}])
async def test_a_body_that_is_too_deep_is_refused(
    client: Client, bearer: dict[str, str], deep: int, key: dict[str, str]
) -> None:
    lists = '{"name": ' + "[" * deep + "]" * deep + "}"
    objects = '{"a": ' * deep + "1" + "}" * deep
    headers = {"Content-Type": "application/json", **bearer, **key}
    for body in (lists, objects):
        answer = await client.post("/api/v1/campaigns", data=body.encode(), headers=headers)
        told = await answer.json()
        assert (answer.status, told["field"]) == (400, "body")
        assert "inside each other" in told["detail"]
        headers |= {"Idempotency-Key": "two"} if key else {}
