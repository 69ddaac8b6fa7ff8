"""`python -m data.contract docs/data.md` writes the tables of a document anew.

Those of variables come from the contract, those of the keys of `study.toml` and `facts.toml` from
the structures that read them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from data.contract.tables import with_tables
from data.study_file import tables as keys

if __name__ == "__main__":
    for argument in sys.argv[1:]:
        page = Path(argument)
        text = page.read_text(encoding="utf-8")
        page.write_text(keys.with_tables(with_tables(text)), encoding="utf-8")
