"""Pictures of figures: PNG and SVG by Kaleido with the system's Chromium, in a worker of its own.

The worker is a thread with its own event loop and one Chromium that stays open: the first picture
takes about two seconds, the next ones a fraction of one. Every picture has a time limit; a worker
that does not answer is given up and the next picture gets a new one.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from shutil import which
from typing import Any

import plotly.graph_objects as go
from kaleido import Kaleido

from components.drawing.theme import HEIGHT, SCALE, WIDTH

SECONDS = 60.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class RenderError(RuntimeError):
    """A picture that could not be made; the message says why and what to do."""


def browser() -> str | None:
    """The path of an installed Chromium or Chrome; None where there is none."""
    return next((path for name in BROWSERS if (path := which(name))), None)


class _Worker:
    """A thread that holds one Kaleido, and so one Chromium, open."""

    def __init__(self, path: str) -> None:
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._is_given_up = False
        self._kaleido: Any = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(
            target=self._run, args=(path,), daemon=True, name="pictures"
        )
        self._thread.start()

    def _run(self, path: str) -> None:
        try:
            asyncio.run(self._serve(path))
        except BaseException as error:
            self._error = error
        finally:
            self._kaleido = None
            self._ready.set()

    async def _serve(self, path: str) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        if self._is_given_up:  # before there was anything to stop
            return
        # Without MathJax: Kaleido would fetch it from a network.
        async with Kaleido(n=1, timeout=SECONDS, mathjax=False, path=path) as kaleido:
            self._kaleido = kaleido
            self._ready.set()
            await self._stop.wait()

    def picture(self, figure: dict[str, Any], opts: dict[str, Any], seconds: float) -> bytes:
        if not self._ready.wait(seconds) or self._kaleido is None or self._loop is None:
            raise RenderError(f"Chromium did not start: {self._error or 'no answer in time'}")
        future = asyncio.run_coroutine_threadsafe(
            self._kaleido.calc_fig(figure, opts=opts), self._loop
        )
        try:
            return bytes(future.result(seconds))
        except FutureTimeout:
            future.cancel()
            raise

    def close(self) -> None:
        self._is_given_up = True
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            with suppress(RuntimeError):  # it has just ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(5)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()


_lock = threading.Lock()
_worker: _Worker | None = None


def _running(path: str) -> _Worker:
    global _worker
    if _worker is None or not _worker.is_alive:
        _worker = _Worker(path)
    return _worker


def close() -> None:
    """Close the worker and its Chromium; the next picture opens a new one."""
    global _worker
    with _lock:
        if _worker is not None:
            _worker.close()
            _worker = None


atexit.register(close)


def picture(figure: go.Figure, kind: str = "png", *, seconds: float = SECONDS) -> bytes:
    """A figure as "png" (3840 x 2160: 1920 x 1080 at scale 2) or "svg" of the same proportions.

    Raises:
        RenderError: no browser is installed, it does not start, or the time limit has passed.
    """
    path = browser()
    if path is None:
        raise RenderError(
            "No Chromium or Chrome is installed on the server, so it cannot make pictures. Install "
            "it (Debian: apt-get install chromium), or use the camera button above the figure."
        )
    opts = {
        "format": kind,
        "width": WIDTH,
        "height": HEIGHT,
        "scale": SCALE if kind == "png" else 1,
    }
    with _lock:
        worker = _running(path)
        try:
            return worker.picture(_plain(figure), opts, seconds)
        except RenderError:
            _give_up()
            raise
        except FutureTimeout:
            _give_up()
            raise RenderError(
                f"The picture was not ready within {seconds:g} seconds; try again."
            ) from None
        except Exception as error:
            _give_up()
            raise RenderError(f"The picture could not be made: {error}") from error


def _plain(figure: go.Figure) -> dict[str, Any]:
    plain: dict[str, Any] = figure.to_plotly_json()
    plain["layout"] = {**plain["layout"], "height": HEIGHT, "width": WIDTH}
    return plain


def _give_up() -> None:
    global _worker
    if _worker is not None:
        threading.Thread(target=_worker.close, daemon=True).start()
        _worker = None
