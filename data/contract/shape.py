"""What a dataset is declared with: variables, references, and the dataset that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa

Type = Literal["text", "integer", "number", "date"]

ARROW: Final[Mapping[Type, pa.DataType]] = {
    "text": pa.string(),
    "integer": pa.int32(),
    "number": pa.float64(),
    "date": pa.date32(),
}
DUCKDB: Final[Mapping[Type, str]] = {
    "text": "VARCHAR",
    "integer": "INTEGER",
    "number": "DOUBLE",
    "date": "DATE",
}


@dataclass(frozen=True)
class Variable:
    """One column.

    `required`: the column must be there. `filled`: every row must hold a value. `allowed`: the
    only values it may hold besides missing. `condition`: SQL that every value must meet, for what
    a list of values cannot say.
    """

    name: str
    label: str
    type: Type = "text"
    unit: str = ""
    allowed: tuple[str | int, ...] = ()
    required: bool = False
    filled: bool = False
    condition: str = ""
    description: str = ""


@dataclass(frozen=True)
class Reference:
    """`variable` may only hold values that the variable of the same name in `dataset` holds."""

    variable: str
    dataset: str


@dataclass(frozen=True)
class Dataset:
    """One table: its variables, the key that is unique in it, and the order its rows lie in.

    `one_of`: groups of optional variables of which at least one must be there. `key_where_present`:
    variables that belong to the key in a table that has them, as a study may have several records
    of one patient, parameter, visit and day.
    """

    name: str
    label: str
    structure: str
    key: tuple[str, ...]
    order: tuple[str, ...]
    variables: tuple[Variable, ...]
    references: tuple[Reference, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    key_where_present: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Variable:
        """The variable of that name; KeyError if it is not declared."""
        for variable in self.variables:
            if variable.name == name:
                return variable
        raise KeyError(f"{self.name} declares no variable {name}")
