"""`python -m data.contract docs/data.md` writes the tables of variables in a document anew."""

from __future__ import annotations

import sys
from pathlib import Path

from data.contract.tables import with_tables

if __name__ == "__main__":
    for argument in sys.argv[1:]:
        page = Path(argument)
        page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
