"""Serves the dashboard: `python -m components.serve --port 8501`, which is what `make run` does.

Runs `streamlit run app.py` in this process, visits every page once as a browser would, and only
then prints the address. The visits load the libraries, fill the caches and show in the log which
page fails, so that the first reader waits no longer than the second.

Streamlit's own options follow after `--`: `python -m components.serve -- --server.runOnSave true`.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

# Streamlit and websockets are imported inside the functions: a busy port is reported at once, and
# importing this module stays free of Streamlit.

APP = Path(__file__).resolve().parent.parent / "app.py"
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104
WARM_UP_SECONDS = 300


@dataclass(frozen=True)
class Visit:
    """What a visit to one page came to."""

    paths: list[str]  # of the pages that the navigation offers
    trouble: str  # empty when the page was shown whole


def main(arguments: list[str] | None = None) -> None:
    """Start the server and serve until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m components.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8501, help="0 takes any free port")
    parser.add_argument("--address", default="127.0.0.1", help="0.0.0.0 opens it to the network")
    parser.add_argument("streamlit", nargs="*", help="options of streamlit run, after --")
    options = parser.parse_args(arguments)

    if reason := port_is_refused(options.address, options.port):
        sys.exit(
            f"Cannot serve on {options.address}, port {options.port}: {reason}.\n"
            f"Choose another port: make run PORT={options.port + 1}"
        )

    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.web import cli

    # Streamlit sees the folder pages/ and takes the app for one of its older kind until the first
    # st.navigation has run; a reader who comes sooner, by a link to a page, is told that the page
    # was not found. st.navigation sets the same value.
    PagesManager.uses_pages_directory = False

    threading.Thread(target=announce, args=(options.address,), daemon=True).start()
    where = [f"--server.address={options.address}", f"--server.port={options.port}"]
    cli.main(["run", str(APP), *where, *options.streamlit], prog_name="streamlit")


def port_is_refused(address: str, port: int) -> str:
    """Why nothing can be served there, in words; empty when it can."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        # A port that a server has just left may be taken again at once.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError as error:
            return (error.strerror or str(error)).lower()
    return ""


def announce(address: str) -> None:
    """Wait for the server, visit every page and print the address."""
    from streamlit import config

    host = "localhost" if address in {*EVERYWHERE, "127.0.0.1"} else address
    troubles = []
    deadline = time.monotonic() + WARM_UP_SECONDS
    port = wait_for_port(deadline)
    base = str(config.get_option("server.baseUrlPath")).strip("/")
    url = f"{host}:{port}/{base}".rstrip("/")

    waiting, seen = [""], {""}
    while waiting:
        path = waiting.pop(0)
        try:
            visit = visited(url, path, deadline)
        except Exception as error:  # the server serves all the same
            troubles.append(
                f"/{path} could not be visited: {type(error).__name__} {error}".rstrip()
            )
            continue
        if visit.trouble:
            troubles.append(f"/{path} {visit.trouble}")
        waiting += [new for new in visit.paths if new not in seen]
        seen.update(visit.paths)

    for trouble in troubles:
        print(f"Warning: {trouble}", file=sys.stderr, flush=True)
    print(f"The dashboard is ready: http://{url} (Ctrl+C stops it)", flush=True)


def wait_for_port(deadline: float) -> int:
    """The port on which the server answers."""
    from streamlit import config
    from streamlit.runtime import Runtime, RuntimeState

    while time.monotonic() < deadline:
        if Runtime.exists() and Runtime.instance().state != RuntimeState.INITIAL:
            break
        time.sleep(0.02)
    return int(config.get_option("server.port"))


def visited(url: str, path: str, deadline: float) -> Visit:
    """Open the page at `path` in a session of its own, as a browser does, until it is complete."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    request = BackMsg()
    request.rerun_script.page_name = path
    request.rerun_script.context_info.url = f"http://{url}/{path}"

    paths: list[str] = []
    trouble = ""
    with connect(f"ws://{url}/_stcore/stream", max_size=None, proxy=None) as server:
        server.send(request.SerializeToString())
        while True:
            message = ForwardMsg()
            received = server.recv(timeout=max(0.0, deadline - time.monotonic()))
            message.ParseFromString(received if isinstance(received, bytes) else received.encode())
            match message.WhichOneof("type"):
                case "navigation":
                    paths = [page.url_pathname for page in message.navigation.app_pages]
                case "page_not_found":
                    trouble = "is not found"
                case "delta" if message.delta.new_element.WhichOneof("type") == "exception":
                    trouble = "shows an error; its traceback is in this log"
                case "session_event" if message.session_event.HasField(
                    "script_compilation_exception"
                ):
                    trouble = "shows an error; its traceback is in this log"
                case "script_finished":
                    # A page that asks to be run again finishes early and then once more.
                    if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        return Visit(paths, trouble)


if __name__ == "__main__":
    main()
