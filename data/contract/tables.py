"""The tables of variables in `docs/data.md`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.contract.datasets import DATASETS
from data.contract.shape import Dataset, Variable


def markdown(dataset: Dataset) -> str:
    """The table of a dataset's variables, in Markdown, one row per variable."""

    def allowed(v: Variable) -> str:
        return ", ".join(str(a) for a in v.allowed) or v.condition.replace("<>", "not")

    def needed(v: Variable) -> str:
        return "every row" if v.filled else "column" if v.required else ""

    header = ("Variable", "Label", "Type", "Unit", "Allowed", "Required", "Notes")
    rows: Sequence[tuple[str, ...]] = [
        (f"`{v.name}`", v.label, v.type, v.unit, allowed(v), needed(v), v.description)
        for v in dataset.variables
    ]
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def with_tables(text: str) -> str:
    """The text with every block `<!-- contract: NAME -->` ... `<!-- end -->` made anew."""

    def block(match: re.Match[str]) -> str:
        table = markdown(DATASETS[match["name"]])
        return f"<!-- contract: {match['name']} -->\n{table}\n<!-- end -->"

    pattern = r"<!-- contract: (?P<name>\w+) -->\n.*?<!-- end -->"
    return re.sub(pattern, block, text, flags=re.DOTALL)
