"""Whether readers may import studies, and the guard that refuses their files where they may not.

A page that shows no upload field does not stop anybody from sending a file to Streamlit's route.
"""

from __future__ import annotations

import os
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

ALLOW: Final = "ITP_UPLOADS"
ROUTE: Final = "/_stcore/upload_file"


def uploads_allowed() -> bool:
    """Whether this server takes files from readers."""
    return os.environ.get(ALLOW) == "allowed"


class UploadGuard:
    """Answers 403 to everything that is sent to the upload route, before its body is read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        app = self.app
        if scope["type"] == "http" and ROUTE in scope["path"] and not uploads_allowed():
            app = PlainTextResponse(f"Uploads are disabled; {ALLOW}=allowed enables them.", 403)
        await app(scope, receive, send)
