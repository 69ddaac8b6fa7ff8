"""Whether files are taken follows one setting, to the letter."""

from __future__ import annotations

import pytest

from components.screen.upload_guard import ALLOW, uploads_allowed


@pytest.mark.parametrize("setting", ["", "yes", "true", "1", "ALLOWED", " allowed"])
def test_nothing_but_the_one_word_allows_files(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv(ALLOW, setting)
    assert uploads_allowed() is False


def test_the_one_word_allows_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALLOW, raising=False)
    assert uploads_allowed() is False
    monkeypatch.setenv(ALLOW, "allowed")
    assert uploads_allowed() is True
