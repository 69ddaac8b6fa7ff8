"""Pictures of figures: PNG and SVG, drawn by Kaleido in the system's Chromium.

One Chromium stays open between pictures, on an event loop in a separate thread. Starting it takes
about two seconds, a picture a fraction of one. Every picture has a time limit. A Chromium that
does not keep to it, or that died, is ended, and the next picture starts another.

Kaleido's own server (`kaleido.start_sync_server`) does not suffice. It waits without a limit, both
for a picture and for its own end: in Kaleido 1.5.0, a Chromium that does not start leaves the
caller waiting for ever, and so does one that is killed while the server is open. Here, anyio's
portal runs Kaleido in a thread, and the limits are ours.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import signal
import subprocess
import threading
import time
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import ExitStack, suppress
from functools import partial
from shutil import which
from typing import Any

import plotly.graph_objects as go
from anyio.from_thread import start_blocking_portal
from kaleido import Kaleido

from components.drawing.theme import HEIGHT, SCALE, WIDTH

_LOG = logging.getLogger(__name__)

SECONDS = 60.0
CLOSING_SECONDS = 5.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class RenderError(RuntimeError):
    """A picture that could not be made; the message says why and what to do."""


def browser() -> str | None:
    """The path of an installed Chromium or Chrome; None where there is none."""
    return next((path for name in BROWSERS if (path := which(name))), None)


class _Chromium:
    """A Chromium that Kaleido holds open on an event loop in a separate thread."""

    def __init__(self, path: str) -> None:
        self._stack = ExitStack()
        self._portal = self._stack.enter_context(start_blocking_portal(name="pictures"))
        self._portal.call(_without_tracebacks)
        # Without MathJax: Kaleido would fetch it from a network.
        self._kaleido = Kaleido(n=1, timeout=SECONDS, mathjax=False, path=path)
        self._opening: Future[None] = self._portal.start_task_soon(self._kaleido.open)

    def picture(self, figure: dict[str, Any], opts: dict[str, Any], deadline: float) -> bytes:
        """The picture as bytes.

        Raises:
            RenderError: Chromium did not start.
            TimeoutError: the picture was not ready at the deadline, in time.monotonic().
        """
        try:
            self._opening.result(deadline - time.monotonic())
        except Exception as error:
            reason = "no answer in time" if isinstance(error, TimeoutError) else error
            raise RenderError(f"Chromium did not start: {reason}") from error
        drawing = self._portal.start_task_soon(partial(self._kaleido.calc_fig, figure, opts=opts))
        return bytes(drawing.result(deadline - time.monotonic()))

    def close(self) -> None:
        """Close Chromium, or kill it where it does not close, and end the thread."""
        with suppress(Exception):  # It does not answer, or has died: it is killed.
            wait_for([self._opening], CLOSING_SECONDS)
            self._portal.start_task_soon(self._kaleido.close).result(CLOSING_SECONDS)
        self.kill()
        with suppress(RuntimeError):  # The loop has ended already.
            self._portal.call(self._portal.stop, True)
        self._stack.close()

    def kill(self) -> None:
        """Kill Chromium's processes, which Kaleido starts in a separate session."""
        if self._process is not None and not self.has_died:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    @property
    def has_died(self) -> bool:
        """Whether Chromium was started and has ended."""
        return self._process is not None and self._process.poll() is not None

    @property
    def _process(self) -> subprocess.Popen[bytes] | None:
        return getattr(self._kaleido, "subprocess", None)  # There is none before it is started.


def _without_tracebacks() -> None:
    """Log at debug level what fails on the loop unawaited: tasks of a Chromium that was killed.

    Whatever concerns a picture is awaited, and raised where the picture was asked for.
    """
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: _LOG.debug(context["message"], exc_info=context.get("exception"))
    )


_lock = threading.Lock()
_chromium: _Chromium | None = None


def close() -> None:
    """Close Chromium and wait until it has ended; the next picture starts another."""
    with _lock:
        if ending := _ending():
            ending.join(3 * CLOSING_SECONDS)


atexit.register(close)


def _ending() -> threading.Thread | None:
    """The thread that closes the Chromium in use; None where there is none. `_lock` is held."""
    global _chromium
    if _chromium is None:
        return None
    thread = threading.Thread(target=_chromium.close, daemon=True, name="end of pictures")
    _chromium = None
    thread.start()
    return thread


def picture(figure: go.Figure, kind: str = "png", *, seconds: float = SECONDS) -> bytes:
    """A figure as "png" (3840 x 2160: 1920 x 1080 at scale 2) or "svg" of the same proportions.

    Raises:
        RenderError: no browser is installed, it does not start, or the time limit has passed. The
            limit includes the wait for pictures that were asked for before.
    """
    path = browser()
    if path is None:
        raise RenderError(
            "No Chromium or Chrome is installed on the server, so it cannot make pictures. Install "
            "it (Debian: apt-get install chromium), or use the camera button above the figure."
        )
    deadline = time.monotonic() + seconds
    size = {"width": WIDTH, "height": HEIGHT}
    plain = figure.to_plotly_json()
    plain["layout"] = {**plain["layout"], **size}
    opts = {"format": kind, "scale": SCALE if kind == "png" else 1, **size}
    too_late = RenderError(f"The picture was not ready within {seconds:g} seconds; try again.")
    if not _lock.acquire(timeout=max(0.0, seconds)):
        raise too_late
    try:
        return _drawn(path, plain, opts, deadline)
    except TimeoutError:
        raise too_late from None
    finally:
        _lock.release()


def _drawn(path: str, figure: dict[str, Any], opts: dict[str, Any], deadline: float) -> bytes:
    """The picture by the Chromium in use, which is ended where it fails. `_lock` is held."""
    global _chromium
    if _chromium is not None and _chromium.has_died:
        _ending()
    _chromium = _chromium or _Chromium(path)
    try:
        return _chromium.picture(figure, opts, deadline)
    except Exception as error:
        _chromium.kill()
        _ending()
        if isinstance(error, (RenderError, TimeoutError)):
            raise
        raise RenderError(f"The picture could not be made: {error}") from error
