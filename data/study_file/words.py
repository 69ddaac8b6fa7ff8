"""A small table of texts that can be part of a cache key."""

from __future__ import annotations


class Words(tuple[tuple[str, str], ...]):
    """The pairs of a TOML table of texts or numbers, in their order; hashable, unlike a dict."""

    __slots__ = ()

    @classmethod
    def of(cls, table: dict[str, str | int | float]) -> Words:
        """The pairs of a table; numbers as text."""
        return cls((key, str(value)) for key, value in table.items())
