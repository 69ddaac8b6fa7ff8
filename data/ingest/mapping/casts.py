"""SQL that reads values of a file as the types and spellings that the contract declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from data.contract import FLAG, Variable
from data.ingest.stage import text

SPELLINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "flag": {"YES": "Y", "NO": "N", "TRUE": "Y", "FALSE": "N", "1": "Y", "0": "N"},
    "AESEV": {
        "LIFE-THREATENING": "LIFE THREATENING",
        "LIFETHREATENING": "LIFE THREATENING",
        "LIFE_THREATENING": "LIFE THREATENING",
        "DEATH": "FATAL",
    },
    "SEX": {"FEMALE": "F", "MALE": "M", "UNKNOWN": "U"},
    "EOSSTT": {"COMPLETE": "COMPLETED", "DISCONTINUE": "DISCONTINUED"},
}
"""Other spellings of allowed values; capitals or not makes no difference."""

_DATE_FORMS = (
    "['%Y-%m-%d', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%dT%H:%M:%SZ', '%Y-%m-%dT%H:%M', "
    "'%Y-%m-%d %H:%M:%S', '%d%b%Y']"
)
NO_VALUE = "('', '.', 'NA', 'N/A', 'NULL', 'NaN')"
"""Texts that stand for a missing value, as an SQL list."""

_FULL_WIDTH = "'＜＞≦≧≤≥０１２３４５６７８９．－', '<><><>0123456789.-'"
"""Signs and digits of Japanese and Chinese text, and what they stand for."""
_LIMIT = r"\s*[<>]=?\s*[0-9]+(\.[0-9]+)?\s*"


def spelled(variable: Variable, sql: str) -> str:
    """SQL that turns other spellings of the allowed values into the allowed ones."""
    known = SPELLINGS.get("flag" if variable.allowed == FLAG else variable.name, {})
    pairs = {str(value).upper(): str(value) for value in variable.allowed} | dict(known)
    cases = " ".join(f"when {text(k)} then {text(v)}" for k, v in pairs.items())
    missing = "" if "NA" in pairs else " when 'NA' then null"
    return f"case upper({sql}) {cases}{missing} else {sql} end"


def cast_sql(held: str, kind: str, target: str) -> str:
    """SQL that reads a value of one type as another; null where that is impossible."""
    if kind == "VARCHAR":
        return _from_text(f"nullif(trim({held}), '')", target)
    if kind == "DOUBLE":
        return _from_number(held, target)
    if target == "VARCHAR":
        return f"strftime({held}, '%Y-%m-%d')"
    return f"cast({held} as date)" if target == "DATE" else f"cast(null as {target})"


def _plain(held: str) -> str:
    """SQL of a text with signs and digits of full width as plain ones."""
    return f"translate({held}, {_FULL_WIDTH})"


def limit_sql(held: str) -> str:
    """SQL of the limit that a text states, null where it states none: 10 for "<10" and "≤ 10"."""
    text_sql = _plain(held)
    digits = f"regexp_extract({text_sql}, '[0-9]+(\\.[0-9]+)?')"
    return f"case when regexp_full_match({text_sql}, '{_LIMIT}') then cast({digits} as double) end"


def sign_sql(held: str) -> str:
    """SQL of the sign of a limit: "<" below, ">" above, null where a text states no limit."""
    text_sql = _plain(held)
    return f"case when regexp_full_match({text_sql}, '{_LIMIT}') then left(trim({text_sql}), 1) end"


def _from_text(held: str, target: str) -> str:
    number = f"try_cast({_plain(held)} as double)"
    if target == "DATE":
        return f"cast(try_strptime({held}, {_DATE_FORMS}) as date)"
    if target == "INTEGER":
        return f"case when {number} = round({number}) then try_cast({number} as integer) end"
    return f"nullif({number}, 'nan'::double)" if target == "DOUBLE" else held


def _from_number(held: str, target: str) -> str:
    if target == "INTEGER":
        return f"case when {held} = round({held}) then try_cast({held} as integer) end"
    if target == "VARCHAR":
        return (
            f"case when {held} = round({held}) "
            f"then cast(try_cast({held} as bigint) as varchar) else cast({held} as varchar) end"
        )
    # NaN is how some programs write a missing number.
    return f"nullif({held}, 'nan'::double)" if target == "DOUBLE" else "cast(null as date)"
