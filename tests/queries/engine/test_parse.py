"""What a SQL text names, as DuckDB reads it."""

from __future__ import annotations

import duckdb
import pytest

from queries.engine.parse import parameters, tables, with_steps, with_values


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 1", set()),
        ("select adae from adsl, (select * from adlb) as adcm", {"adsl", "adlb"}),
        ("select 'from adae' from adsl -- from adlb\n/* from adcm */", {"adsl"}),
        ('select "adae", adlb.AVAL from ADLB', {"adlb"}),
        ("select * from adsl where USUBJID in (select USUBJID from adae)", {"adsl", "adae"}),
        ("select * from adsl semi join adae using (USUBJID)", {"adsl", "adae"}),
        ("select * from adsl union all by name select * from adae", {"adsl", "adae"}),
        ("from adsl", {"adsl"}),
        ("select * from read_parquet('adlb.parquet') as adlb", set()),
        ("select * from information_schema.tables", set()),
        ("with adlb as (select 1) select * from adlb", set()),
        ("with a as (select * from adsl), b as (select * from a) select * from b", {"adsl"}),
        # A step of a subquery is seen there and nowhere else.
        ("select * from (with adae as (select 1) select * from adae), adae", {"adae"}),
        ("with recursive r as (select * from adsl union select * from r) from r", {"adsl"}),
    ],
)
def test_tables_of_a_select(sql: str, expected: set[str]) -> None:
    assert tables(sql) == expected


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("selec 1", "syntax error"),
        ("select 1; select 2", "expected one select, not 2"),
        ("-- nothing", "expected one select, not 0"),
        ("drop table adsl", "Only SELECT"),
        ("copy (select 1) to 'file'", "Only SELECT"),
        ("select 1; drop table adsl", "Only SELECT"),
    ],
)
def test_text_that_is_not_one_select_is_refused(sql: str, message: str) -> None:
    with pytest.raises(duckdb.ParserException, match=message):
        tables(sql)


# Texts, and what the values 1, 2 and 3 of $a, $class and $b make of them.
PARAMETERS = [
    ("select $a", "select 1"),
    ("select x=$a,-$class, [$b],($a)", "select x=1,-2, [3],(1)"),
    ("select '≥ $a', \"Ω $b\", $class -- ≤ $a", "select '≥ $a', \"Ω $b\", 2 -- ≤ $a"),
    ("/* $a */ select $$it's $a$$, $q$ $b $q$, e'\\'$a'", None),
    ("-- it's $one's\nselect '''$a''', \"a\"\"$b\", $class", None),
    ("select case $a when $b then x$a end", "select case 1 when 3 then x$a end"),
    ("select $a\n", "select 1\n"),
]


@pytest.mark.parametrize(("sql", "expected"), PARAMETERS)
def test_values_stand_where_the_parameters_stood(sql: str, expected: str | None) -> None:
    if expected is None:
        expected = sql.replace("$class", "2")
    assert with_values(sql, {"a": "1", "class": "2", "b": "3"}) == expected


@pytest.mark.parametrize("sql", [sql for sql, _ in PARAMETERS])
def test_parameters_are_those_that_duckdb_binds(sql: str) -> None:
    (statement,) = duckdb.extract_statements(sql)
    assert parameters(sql) == statement.named_parameters


@pytest.mark.parametrize(
    "sql",
    [
        "select * from one",
        "with two as (select x + 1 as x from one) select * from two",
        "-- with\nWITH two as (select x + 1 as x from one) select * from two",
        "/* with */ with two as (select x + 1 as x from one) select * from two",
        "-- ≥ with\nwith recursive two as (select x from one union all "
        "select x + 1 from two where x < 3) select max(x) from two",
        "select with_x from (select x as with_x from one)",
    ],
)
def test_steps_stand_before_those_of_the_select(sql: str) -> None:
    complete = with_steps({"zero": "select 1 as x -- the last line", "one": "from zero"}, sql)
    alone = sql.replace("from one", "from (select 1 as x)")
    with duckdb.connect() as connection:
        assert connection.execute(complete).fetchall() == connection.execute(alone).fetchall()
    assert with_steps({}, sql) == sql
