"""Sessions over the wire, as a browser holds them, without the browsers.

The messages are Streamlit's own between browser and server, and not an interface it promises. If it
changes them, the test of many readers and the benchmark of sessions fail here, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

SECONDS = 120


@dataclass(frozen=True)
class Session:
    """A reader's connection to a server."""

    connection: ClientConnection

    def open(self, page: str, query: str = "") -> str:
        """Open a page and wait until it is complete; what went wrong, empty when nothing did."""
        request = BackMsg()
        request.rerun_script.page_name = page
        request.rerun_script.query_string = query
        self.connection.send(request.SerializeToString())
        trouble = ""
        while True:
            message = self._received()
            match message.WhichOneof("type"):
                case "page_not_found":
                    trouble = "the page is not found"
                case "delta" if message.delta.new_element.WhichOneof("type") == "exception":
                    trouble = "the page shows an error"
                case "session_event" if message.session_event.HasField(
                    "script_compilation_exception"
                ):
                    trouble = "the page cannot be read"
                case "script_finished":
                    # A page that asks to be run again finishes early and then once more.
                    if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        return trouble

    def _received(self) -> ForwardMsg:
        message = ForwardMsg()
        received = self.connection.recv(timeout=SECONDS)
        message.ParseFromString(received if isinstance(received, bytes) else received.encode())
        return message


@contextmanager
def session(address: str) -> Iterator[Session]:
    """A session with the server at an address such as `http://localhost:8501`."""
    where = f"ws://{address.removeprefix('http://')}/_stcore/stream"
    with connect(where, max_size=None, proxy=None) as connection:
        yield Session(connection)
