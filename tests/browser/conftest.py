"""A server of the tests' own, a Chromium, and pages that are looked at when they are complete."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"ready: (http://\S+)")

QUIET_MS = 300
LOCAL = {"localhost", "127.0.0.1"}

CHROMIUM_FLAGS = [
    "--no-sandbox",  # Chromium refuses to start as root with it
    "--disable-dev-shm-usage",  # containers have little shared memory
    "--disable-gpu",
    # It would call home at every start, which fails slowly without a network.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # Nothing but this machine can be reached. Playwright could block requests as well, but then it
    # switches the browser's cache off, and every page takes twice as long.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    # The same letters, and so the same line breaks, on every machine.
    "--font-render-hinting=none",
    "--lang=en-GB",
]

# A page is complete when its script rests, nothing on it is out of date, every chart is drawn, and
# all that has been so for a moment: a click takes a while to reach the server.
COMPLETE = """
quiet => {
    const app = document.querySelector('[data-testid="stApp"]');
    const charts = [...document.querySelectorAll('.chart')];
    const complete = app !== null
        && app.dataset.testScriptState === 'notRunning'
        && app.dataset.testConnectionState === 'CONNECTED'
        && document.querySelector('[data-stale="true"]') === null
        && charts.every(chart => chart.getAttribute('aria-busy') === 'false');
    const now = performance.now();
    if (!complete || window.completeSince === undefined) {
        window.completeSince = complete ? now : undefined;
        return false;
    }
    return now - window.completeSince >= quiet;
}
"""


class NewPage(Protocol):
    """Opens an empty page of a given size in a browser session of its own."""

    def __call__(
        self,
        width: int = 1280,
        height: int = 900,
        color_scheme: Literal["light", "dark"] = "light",
    ) -> Page: ...


class Settled(Protocol):
    """Waits until a page is complete and gives it back."""

    def __call__(self, page: Page, timeout: float = 30) -> Page: ...


@contextmanager
def served(*options: str) -> Iterator[str]:
    """Serve the dashboard on a free port; gives the address once it is ready."""
    command = [sys.executable, "-u", "-m", "components.serve", "--port", "0", *options]
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as log,
        subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT) as server,
    ):
        try:
            yield _address(server, log)
            if server.poll() is not None:
                pytest.fail(f"The server ended during the tests.\n{_text(log)}")
            if "Traceback" in _text(log):
                pytest.fail(f"A page failed during the tests.\n{_text(log)}")
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()


def _address(server: subprocess.Popen[bytes], log: IO[str]) -> str:
    """Where the server says that it is ready."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if ready := READY.search(_text(log)):
            return ready[1]
        if server.poll() is not None:
            pytest.fail(f"The server ended with code {server.returncode}.\n{_text(log)}")
        time.sleep(0.05)
    pytest.fail(f"The server was not ready in time.\n{_text(log)}")


def _text(log: IO[str]) -> str:
    log.seek(0)
    return log.read()


@pytest.fixture(scope="session")
def app_server() -> Iterator[str]:
    """The address of a server that all browser tests share."""
    with served() as address:
        yield address


@pytest.fixture
def fresh_server() -> Iterator[str]:
    """The address of a server that nobody has visited."""
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Its absence is a failure: these tests must not be skipped unseen."""
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        pytest.fail(f"None of {', '.join(names)} is installed; `make browser` installs Chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Opens pages; fails if one asked another host for something or its scripts broke."""
    contexts: list[BrowserContext] = []
    outside: list[str] = []
    errors: list[str] = []

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname not in LOCAL:
            outside.append(request.url)

    def open_page(
        width: int = 1280,
        height: int = 900,
        color_scheme: Literal["light", "dark"] = "light",
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=color_scheme,
            locale="en-GB",
            timezone_id="UTC",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        context.on("request", note)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not outside, f"the page asked other hosts: {outside}"
    assert not errors, f"errors in the browser: {errors}"


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """An empty page of ordinary size."""
    return new_page()


@pytest.fixture(scope="session")
def settled() -> Settled:
    """Waits until a page is complete: `settled(page)` after `goto`, a click or a choice."""

    def wait(page: Page, timeout: float = 30) -> Page:
        page.evaluate("window.completeSince = undefined")
        page.wait_for_function(COMPLETE, arg=QUIET_MS, polling=50, timeout=timeout * 1000)
        return page

    return wait
