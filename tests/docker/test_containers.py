"""The container files as text: they cannot be run everywhere, but what they name must exist and be safe."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from centralino.settings import Settings
from web.health import routes

pytestmark = pytest.mark.unit

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDER = CHECKOUT / "docker"
COMPOSE = sorted(FOLDER.glob("compose*.yaml"))


class _Loader(yaml.SafeLoader):
    """Knows Compose's own `!reset`."""


_Loader.add_constructor("!reset", lambda *_: None)


def services(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.load(path.read_text(), _Loader)["services"]  # noqa: S506  (a safe one)
    return found


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (FOLDER / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(word, rest) for line in lines if line for word, _, rest in [line.partition(" ")]]


def settings_named() -> set[str]:
    dockerfile = {
        name for word, rest in instructions() if word == "ENV" for name in re.findall(r"(\w+)=", rest)
    }
    compose = {
        name
        for path in COMPOSE
        for service in services(path).values()
        for name in service.get("environment", {})
    }
    return {name for name in dockerfile | compose if name.startswith("CENTRALINO_")}


def test_every_setting_exists() -> None:
    known = {f"CENTRALINO_{name.upper()}" for name in Settings.model_fields}
    assert settings_named()
    assert settings_named() <= known


def test_every_copied_file_exists_and_the_program_is_the_one_the_set_up_makes() -> None:
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (CHECKOUT / source).exists()
    program = dict(instructions())["ENTRYPOINT"]
    assert program == '["/opt/centralino/.venv/bin/centralino"]'
    assert '"bin/centralino"' in (CHECKOUT / "setup" / "environment.py").read_text()


def test_nothing_runs_as_root() -> None:
    words = [word for word, _ in instructions()]
    last_stage = len(words) - 1 - words[::-1].index("FROM")
    user = words.index("USER", last_stage)
    assert instructions()[user][1] == "centralino"
    assert user < words.index("ENTRYPOINT")
    assert words[user:].count("RUN") == 0


def test_nothing_is_published_beyond_the_loopback() -> None:
    for path in COMPOSE:
        for name, service in services(path).items():
            assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports") or []), (
                path,
                name,
            )
            if service.get("network_mode") == "host":
                assert service["environment"]["CENTRALINO_HTTP"].startswith("127.0.0.1:")


def test_no_page_in_a_container_offers_a_telephone_that_cannot_reach_it() -> None:
    told = services(FOLDER / "compose.yaml")["centralino"]
    published = {int(str(port).rpartition(":")[2]) for port in told["ports"]}
    visitors = Settings(visitor_phones=told["environment"]["CENTRALINO_VISITOR_PHONES"]).visitors
    assert not visitors or Settings().city_phone_socket.port in published


def test_no_service_can_gain_privileges() -> None:
    for path in COMPOSE:
        for service in services(path).values():
            if "image" in service:
                assert "no-new-privileges:true" in service["security_opt"]


def test_the_health_check_asks_a_page_that_is_served() -> None:
    check = dict(instructions())["HEALTHCHECK"]
    asked = re.search(r"http://127\.0\.0\.1:8080(/\w+)", check)
    assert asked
    assert asked[1] in {getattr(route, "path", "") for route in routes}


def test_passwords_come_from_outside_and_images_from_wherever_the_machine_is_set_to() -> None:
    for path in COMPOSE:
        text = path.read_text()
        assert not re.search(r"PASSWORD: [^$]", text)
        for service in services(path).values():
            assert re.fullmatch(r"[a-z]+(:\d+)?", service.get("image", "none"))


def test_local_state_and_secrets_stay_out_of_the_image() -> None:
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text().split("\n")
    assert {".git", ".venv", "var", "**/secrets.json", "**/api-token", "centralino.toml"} <= set(ignored)
    # rooms that the product imports are not left out with them
    assert not {"care", "centralino", "setup", "asterisk_conf"} & set(ignored)
