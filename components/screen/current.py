"""What the shell shows in this run: the study and the page, for the page that it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from components.screen.pages import PageFile
from data.study import Study


@dataclass(frozen=True)
class Current:
    """The study and the page that are shown."""

    study: Study
    page: PageFile


_CURRENT: ContextVar[Current] = ContextVar("current")


@contextmanager
def showing(study: Study, page: PageFile) -> Iterator[None]:
    """Within this the page and what it calls find the study by `current()`."""
    token = _CURRENT.set(Current(study, page))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def study_shown() -> Study | None:
    """The study that is shown; None on a page that is shown without one."""
    current = _CURRENT.get(None)
    return current.study if current else None


def current() -> Current:
    """The study and the page that are shown.

    Raises:
        LookupError: nothing is shown; a page runs only inside the shell.
    """
    return _CURRENT.get()
