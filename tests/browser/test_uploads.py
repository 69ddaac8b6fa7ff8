"""Files are refused by the server itself unless uploads are allowed, whatever the page shows."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import served

FORM = (
    b"--edge\r\nContent-Disposition: form-data; name=file; filename=adsl.csv\r\n\r\n"
    b"STUDYID\r\n--edge--\r\n"
)
# Without it Streamlit's own check of the token would answer 403 as well.
NO_TOKEN = ("--", "--server.enableXsrfProtection=false", "--server.enableCORS=false")


def answer(server: str, method: str, path: str) -> tuple[int, str]:
    header = {"Content-Type": "multipart/form-data; boundary=edge"}
    with closing(HTTPConnection(urlsplit(server).netloc, timeout=20)) as connection:
        connection.request(method, path, FORM, header)
        response = connection.getresponse()
        return response.status, response.read().decode()


@pytest.mark.parametrize("setting", ["ALLOWED"])
def test_the_upload_route_refuses_files_unless_they_are_allowed(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("ITP_UPLOADS", setting)
    with served(*NO_TOKEN) as server:
        for path in ("/_stcore/upload_file/session/file", "/_stcore/%75pload_file/session/file"):
            for method in ("PUT", "POST", "DELETE"):
                status, text = answer(server, method, path)
                assert (status, text[:20]) == (403, "Uploads are disabled")
        assert answer(server, "GET", "/_stcore/health")[0] == 200


def test_the_upload_route_is_streamlits_where_uploads_are_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ITP_UPLOADS", "allowed")
    with served(*NO_TOKEN) as server:
        status, text = answer(server, "PUT", "/_stcore/upload_file/session/file")
        assert status == 400
        assert "Invalid session_id" in text
