"""How a page is made: its template, with words, navigation and whoever looks at it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
import orjson
from aiohttp import web
from markupsafe import Markup

from web.access import who
from web.keys import PARTS, TEMPLATES, WORDS
from web.navigation import navigation

HERE = Path(__file__).parent
STATIC = HERE / "static"


def page(
    request: web.Request, template: str, *, status: int = 200, words: Sequence[str] = (), **values: Any
) -> web.Response:
    """A page, or a fragment of one. Templates have `t`, `user`, `csrf`, `theme`, `language` besides `values`.

    `words`: further features whose words the scripts of this page need; its own folder's come by themselves.
    """
    text = (
        request.config_dict[TEMPLATES]
        .get_template(template)
        .render({**_around(request, template, words), "status": status, **values})
    )
    return web.Response(text=text, status=status, content_type="text/html")


def templates() -> jinja2.Environment:
    """The templates, which escape whatever is put into them."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals["asset"] = asset
    return environment


def asset(path: str) -> str:
    """The address of one of our files, another one whenever the file has changed."""
    try:
        found = (STATIC / path).stat()
    except OSError:
        return f"/static/{path}"
    return f"/static/{path}?{found.st_mtime_ns:x}"


def _around(request: web.Request, template: str, words: Sequence[str]) -> dict[str, Any]:
    visitor, app = who(request), request.config_dict
    known = app[WORDS]
    features = dict.fromkeys(("base", template.partition("/")[0], *words))

    def words_json() -> Markup:
        """For a script element that holds data: nothing in it ends the element."""
        text = orjson.dumps(known.of(visitor.language, *features)).decode()
        return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))  # noqa: S704

    return {
        "t": known.speaking(visitor.language),
        "user": visitor,
        "csrf": visitor.session.csrf if visitor.session else "",
        "theme": visitor.theme,
        "language": visitor.language,
        "company": app[PARTS].company,
        "here": request.path,
        "here_again": request.path_qs,
        "navigation": navigation(request.app, visitor) if visitor.signed_in else [],
        "words_json": words_json,
    }
