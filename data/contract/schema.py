"""A dataset as an Arrow schema, which every writer uses."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from data.contract.shape import ARROW, Dataset


def arrow_schema(dataset: Dataset, names: Iterable[str] | None = None) -> pa.Schema:
    """The Arrow schema of a dataset: types, and label and unit in each field's metadata.

    names: the columns wanted, in that order; every declared variable where None.
    Raises KeyError for a name that is not declared.
    """
    variables = dataset.variables if names is None else [dataset[name] for name in names]
    fields = [
        pa.field(
            v.name,
            ARROW[v.type],
            nullable=not v.filled,
            metadata={"label": v.label} | ({"unit": v.unit} if v.unit else {}),
        )
        for v in variables
    ]
    return pa.schema(fields, metadata={"dataset": dataset.name, "label": dataset.label})
