"""Starting the server; tests/browser/test_deep_link.py looks at what it serves."""

from __future__ import annotations

import socket

import pytest

from components.serve import main, port_is_refused


def test_busy_port_is_said_with_the_command_that_helps() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(SystemExit) as stopped:
            main(["--port", str(port)])
    assert stopped.value.code == (
        f"Cannot serve on 127.0.0.1, port {port}: address already in use.\n"
        f"Choose another port: make run PORT={port + 1}"
    )


def test_free_port_is_not_refused() -> None:
    assert port_is_refused("127.0.0.1", 0) == ""
