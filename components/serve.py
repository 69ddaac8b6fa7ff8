"""Serves the dashboard: `python -m components.serve --port 8501`, which is what `make run` does.

Looks whether the port is free, says so in words if it is not, and becomes `streamlit run app.py`.

Streamlit's own options follow after `--`: `python -m components.serve -- --server.runOnSave true`.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

APP = Path(__file__).resolve().parent.parent / "app.py"


def main(arguments: list[str] | None = None) -> None:
    """Become the server, which serves until it is told to stop."""
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
    where = [f"--server.address={options.address}", f"--server.port={options.port}"]
    command = [sys.executable, "-u", "-m", "streamlit", "run", str(APP), *where]
    os.execv(sys.executable, [*command, *options.streamlit])  # noqa: S606


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


if __name__ == "__main__":
    main()
