"""The addresses of the server: figures with their ETag, scripts that the browser keeps."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import plotly
import pytest
import uvicorn
from starlette.applications import Starlette

from components.figure_link import answer
from components.screen.routes import PREFIX, ROUTES, assets, version

FIGURE = f"{PREFIX}/figures/response_rate.json"
WORDS = {"study": "NCT04014166", "dose": "2.0"}


@dataclass(frozen=True)
class Response:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        packed = self.headers.get("content-encoding") == "gzip"
        return json.loads(gzip.decompress(self.content) if packed else self.content)


@dataclass(frozen=True)
class Client:
    """Asks a server on this machine."""

    port: int

    def get(self, path: str, params: dict[str, str] | None = None, **headers: str) -> Response:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            return self._asked(connection, path, params or {}, headers)

    @staticmethod
    def _asked(
        connection: HTTPConnection, path: str, params: dict[str, str], headers: dict[str, str]
    ) -> Response:
        query = f"?{urlencode(params)}" if params else ""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path + query, headers=named)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Response(response.status, found, response.read())


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """The routes, served as the app serves them."""
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=ROUTES), port=0, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield Client(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join()


def test_a_figure_is_answered_by_its_words(client: Client) -> None:
    response = client.get(FIGURE, WORDS, accept_encoding="br, gzip")
    assert response.status == 200
    assert response.json() == json.loads(answer("response_rate", WORDS).body)
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["cache-control"] == "private, no-cache"
    plain = client.get(FIGURE, WORDS)
    assert "content-encoding" not in plain.headers
    assert plain.json() == response.json()


def test_a_browser_that_has_the_figure_gets_it_not_again(client: Client) -> None:
    tag = client.get(FIGURE, WORDS).headers["etag"]
    again = client.get(FIGURE, WORDS, if_none_match=tag)
    assert (again.status, again.content) == (304, b"")
    other = client.get(FIGURE, WORDS | {"sex": "F"}, if_none_match=tag)
    assert other.status == 200


def test_what_cannot_be_shown_is_said_in_words(client: Client) -> None:
    missing = client.get(f"{PREFIX}/figures/none.json", WORDS)
    assert missing.status == 404
    assert missing.json()["error"].startswith("no figure 'none'; there are: ")
    wrong = client.get(FIGURE, WORDS | {"dose": "<b>7</b>"})
    assert wrong.status == 400
    assert wrong.headers["content-type"] == "application/json"
    assert "is not one of 0.5, 1.0, 2.0" in wrong.json()["error"]


def test_a_figure_for_a_screen_is_as_high_as_the_screen(client: Client) -> None:
    response = client.get(f"{PREFIX}/figures/response_rate/1280x720.json", WORDS)
    assert response.json()["plotly"]["layout"]["height"] == 720


def test_scripts_are_whole_and_kept_for_good(client: Client) -> None:
    folder = Path(plotly.__file__).parent / "package_data"
    for name, asset in assets().items():
        response = client.get(f"{PREFIX}/{version()}/{name}", accept_encoding="gzip")
        assert response.status == 200
        assert gzip.decompress(response.content) == asset.body
        assert client.get(f"{PREFIX}/{version()}/{name}").content == asset.body
        assert "immutable" in response.headers["cache-control"]
    assert assets()["plotly.min.js"].body == (folder / "plotly.min.js").read_bytes()


def test_a_script_of_another_version_is_not_kept(client: Client) -> None:
    response = client.get(f"{PREFIX}/00000000/chart.js")
    assert response.headers["cache-control"] == "no-cache"
    assert client.get(f"{PREFIX}/{version()}/none.js").status == 404
    assert client.get(f"{PREFIX}/{version()}/..%2Froutes.py").status == 404
