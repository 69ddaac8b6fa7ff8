"""The addresses that the server answers besides Streamlit's own: figures, and the parts of charts.

Scripts and styles are read and compressed once, and their address holds their version, so that a
browser asks for each once. A figure is answered from the cache of built figures, with an ETag.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson
import plotly
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from components.drawing.dark import DARK
from components.drawing.theme import SCALE, template
from components.figure_link import Answer, answer

PREFIX = "/explorer"
FOLDER = Path(__file__).parent / "assets"
LIBRARY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
# A figure may hold what patients had: it is kept by the reader's browser only, and asked for again.
PRIVATE = "private, no-cache"


@dataclass(frozen=True)
class Asset:
    """A file that the browser loads: its type, its bytes, and the same compressed."""

    kind: str
    body: bytes
    packed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Every file by name."""
    files = [LIBRARY, *(file for file in sorted(FOLDER.iterdir()) if file.suffix in KINDS)]
    named = {file.name: _asset(file.suffix, file.read_bytes()) for file in files}
    return named | {"look.js": _asset(".js", look())}


def look() -> bytes:
    """How all figures look, as a script: what a figure by link does not carry itself."""
    values = {"TEMPLATE": template().to_plotly_json(), "DARK": DARK, "SCALE": SCALE}
    lines = [
        f"export const {name} = {orjson.dumps(value).decode()};" for name, value in values.items()
    ]
    return "\n".join(lines).encode()


def _asset(suffix: str, body: bytes) -> Asset:
    return Asset(KINDS[suffix], body, gzip.compress(body, 6))


@cache
def version() -> str:
    """Eight digits that change when one of the files does."""
    digest = hashlib.sha256()
    for name, asset in assets().items():
        digest.update(name.encode() + asset.body)
    return digest.hexdigest()[:8]


def _takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _response(
    request: Request, status: int, kind: str, body: bytes, packed: bytes | None, cached: str
) -> Response:
    headers = {"Cache-Control": cached, "Vary": "Accept-Encoding"}
    if packed is not None and _takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
        body = packed
    return Response(body, status, headers, kind)


async def asset(request: Request) -> Response:
    """A script or a style; 404 where there is none of that name."""
    file = assets().get(request.path_params["name"])
    if file is None:
        return Response("There is no such file.", 404)
    is_current = request.path_params["version"] == version()
    cached = "public, max-age=31536000, immutable" if is_current else "no-cache"
    return _response(request, 200, file.kind, file.body, file.packed, cached)


def figure(request: Request) -> Response:
    """A figure's JSON by the words of the address; for a screen of the size that the path names."""
    screen = None
    if "width" in request.path_params:
        screen = (request.path_params["width"], request.path_params["height"])
    answered: Answer = answer(request.path_params["name"], dict(request.query_params), screen)
    if answered.etag and request.headers.get("if-none-match") == answered.etag:
        return Response(status_code=304, headers={"ETag": answered.etag, "Cache-Control": PRIVATE})
    response = _response(
        request, answered.status, "application/json", answered.body, answered.packed, PRIVATE
    )
    if answered.etag:
        response.headers["ETag"] = answered.etag
    return response


ROUTES = [
    Route(f"{PREFIX}/figures/{{name}}.json", figure),
    Route(f"{PREFIX}/figures/{{name}}/{{width:int}}x{{height:int}}.json", figure),
    Route(f"{PREFIX}/{{version}}/{{name}}", asset),
]
