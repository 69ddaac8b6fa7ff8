"""What every request passes on its way in and every answer on its way out: hosts and headers.

A page of another site cannot read the app through a name that it points at this machine (DNS
rebinding), show it in a frame, or have scripts of elsewhere run in it.
"""

from __future__ import annotations

import os
import socket
from functools import cache
from typing import Final

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS: Final = "ITP_HOSTS"
FRAMES: Final = "ITP_FRAMES"
METRICS: Final = "/_stcore/metrics"
LOCAL: Final = ("localhost", "127.0.0.1")
EVERYWHERE: Final = {"0.0.0.0", "::", ""}  # noqa: S104


def listed(variable: str) -> list[str]:
    """The parts of a variable of the environment, which are separated by commas or spaces."""
    return os.environ.get(variable, "").replace(",", " ").split()


def allowed_hosts() -> list[str]:
    """The names by which this server may be asked: this machine's, and those of ITP_HOSTS.

    A server that is open to the network also answers to the machine's own name and addresses.
    """
    address = str(st.get_option("server.address") or "")
    own = [address]
    if address in EVERYWHERE:
        name = socket.gethostname()
        own = [name, socket.getfqdn(), *_addresses(name)]
    return sorted({*LOCAL, *own, *listed(HOSTS)} - EVERYWHERE)


def _addresses(name: str) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(name, None, socket.AF_INET)]
    except OSError:
        return []


class AllowedHosts:
    """Answers 400 to a request for another host than those allowed, websockets included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._guard: TrustedHostMiddleware | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        # Streamlit's settings are complete only once the server runs.
        if self._guard is None:
            self._guard = TrustedHostMiddleware(self.app, allowed_hosts(), www_redirect=False)
        await self._guard(scope, receive, send)


@cache
def headers() -> dict[str, str]:
    """The headers of every answer.

    Streamlit and Plotly write styles into the page and load scripts that they make (`blob:`).
    Nothing is loaded from elsewhere. ITP_FRAMES names the sites that may show the app in a frame.
    """
    frames = " ".join(["'self'", *listed(FRAMES)])
    policy = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' ws: wss: data: blob:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": frames,
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class SecurityHeaders:
    """Puts the headers on every answer, and closes the page of Streamlit's own metrics."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the answer gets the headers that it does not have."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                for name, value in headers().items():
                    answered.setdefault(name, value)
            await send(message)

        is_closed = str(scope["path"]).endswith(METRICS)
        app = PlainTextResponse("The metrics of this server are closed.", 404)
        await (app if is_closed else self.app)(scope, receive, with_headers)
