"""What the server does besides Streamlit: at the start it warms up, and then prints its address.

app.py hands this to `st.App`; routes and middleware belong here as well.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from components.screen.gate import EVERYWHERE, AllowedHosts, SecurityHeaders
from components.screen.upload_guard import UploadGuard

LOG = logging.getLogger(__name__)
# What every request passes, the first one first.
MIDDLEWARE = [Middleware(SecurityHeaders), Middleware(AllowedHosts), Middleware(UploadGuard)]
SCRIPT = Path(__file__).resolve().parent / "script" / "run.py"
# Addresses that stand for this machine, or for all of its networks: a reader here types localhost.
LOCAL = {"", "127.0.0.1", "0.0.0.0", "::", "::1"}  # noqa: S104


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Warm up beside the server, which answers meanwhile and stops at once when it is told to."""
    threading.Thread(target=warm_up_and_announce, name="warm-up", daemon=True).start()
    yield


def warm_up_and_announce() -> None:
    """Warm up, name in the log what fails, and print the address."""
    # The pages' libraries are heavy. They are loaded here and not before the server starts.
    from components.screen.warm_up import failures

    for failure in failures():
        LOG.warning("%s", failure)
    for warning in open_to_the_network():
        LOG.warning("%s", warning)
    print(f"The dashboard is ready: {address()} (Ctrl+C stops it)", flush=True)


def address() -> str:
    """Where the dashboard is, for a reader on this machine."""
    name = str(st.get_option("server.address") or "")
    host = "localhost" if name in LOCAL else f"[{name}]" if ":" in name else name
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    return f"{scheme}://{host}:{st.get_option('server.port')}/{path}".rstrip("/")


def open_to_the_network() -> list[str]:
    """A warning where studies that are not simulated can be read from the network."""
    if str(st.get_option("server.address") or "") not in EVERYWHERE:
        return []
    from queries.catalogue import entries

    real = [entry.study.id for entry in entries() if entry.study and not entry.study.simulated]
    if not real:
        return []
    return [
        f"Anybody on the network can read the patients' data of {', '.join(real)}. "
        "Serve them on 127.0.0.1 behind a proxy that asks who is there, or take ADDRESS away."
    ]
