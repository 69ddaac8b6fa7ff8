"""Cursors of the one database."""

from __future__ import annotations

from queries.engine.database import cursor


def test_cursors_of_one_database_are_apart() -> None:
    one, other = cursor(), cursor()
    one.execute("select * from range(3)")
    other.execute("select 'other'")
    assert one.fetchall() == [(0,), (1,), (2,)]
    assert other.fetchall() == [("other",)]
