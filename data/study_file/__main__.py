"""`python -m data.study_file > docs/study.schema.json` writes the JSON schema of `study.toml`."""

from __future__ import annotations

import sys

from data.study_file.schema import json_schema

if __name__ == "__main__":
    sys.stdout.write(json_schema())
