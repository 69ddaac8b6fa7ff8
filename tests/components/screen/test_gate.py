"""Who may ask the server, and what it says of itself: hosts, headers, closed metrics."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from components.screen import gate
from components.screen.routes import PREFIX, ROUTES
from components.screen.server import MIDDLEWARE, open_to_the_network
from tests.support.tiny import DATASETS, TOML
from tests.support.writing import write_study

FIGURE = f"{PREFIX}/figures/response_rate.json?study=NCT04014166"


EVERY = "0.0.0.0"  # noqa: S104


def metrics(_request: object) -> PlainTextResponse:
    return PlainTextResponse("sessions 3")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server with the app's own addresses and what its requests pass."""
    app = Starlette(routes=[*ROUTES, Route(gate.METRICS, metrics)], middleware=MIDDLEWARE)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def asked(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return response.status, found, response.read()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:8501"])
def test_this_machine_may_ask(port: int, host: str) -> None:
    assert asked(port, FIGURE, host=host)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io"])
def test_a_name_that_others_pointed_here_reads_nothing(port: int, host: str) -> None:
    status, _, body = asked(port, FIGURE, host=host)
    assert (status, body) == (400, b"Invalid host header")
    upgrade = {"connection": "Upgrade", "upgrade": "websocket"}
    key = {"sec_websocket_key": "dGhlIHNhbXBsZSBub25jZQ==", "sec_websocket_version": "13"}
    status, _, _ = asked(port, "/_stcore/stream", host=host, **upgrade, **key)
    assert status == 400


def test_hosts_are_added_by_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gate.HOSTS, "trial.example.org, *.example.com")
    assert {"trial.example.org", "*.example.com", "localhost"} <= set(gate.allowed_hosts())


def test_every_answer_says_what_may_be_done_with_it(port: int) -> None:
    for path in (FIGURE, f"{PREFIX}/figures/none.json", "/nothing"):
        _, headers, _ = asked(port, path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]


def test_sites_that_may_frame_the_app_are_named_by_a_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(gate.FRAMES, "https://wiki.example.org")
    gate.headers.cache_clear()
    policy = gate.headers()["Content-Security-Policy"]
    monkeypatch.undo()
    gate.headers.cache_clear()
    assert policy.endswith("frame-ancestors 'self' https://wiki.example.org")
    assert gate.headers()["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_metrics_are_closed(port: int) -> None:
    assert asked(port, gate.METRICS)[0] == 404
    assert b"sessions" not in asked(port, gate.METRICS)[2]


@pytest.mark.parametrize(
    ("address", "simulated", "warns"),
    [(EVERY, False, True), (EVERY, True, False), ("127.0.0.1", False, False)],
)
def test_patients_open_to_the_network_are_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, simulated: bool, warns: bool
) -> None:
    toml = TOML if simulated else TOML.replace('simulated = "', 'design = "')
    assert simulated or toml != TOML
    write_study(tmp_path / "TINY", toml, DATASETS)
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path))
    monkeypatch.setattr("streamlit.get_option", lambda _: address)
    warnings = open_to_the_network()
    assert bool(warnings) is warns
    assert all("Anybody on the network" in text and "TINY" in text for text in warnings)
