"""The tiny study with every text in it written by somebody who means harm.

Patient IDs, cohorts, phases, sites, terms, classes, visits, parameters, therapies, and every text
of `study.toml` carry tags, templates and quotes. A figure shows them as they are; none acts.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.support.tiny import DATASETS, TOML
from tests.support.writing import Row, write_study

# A tag that Plotly would act on, a link, a template, an end of the template, quotes, an entity.
HARM = """<i>act</i><a href="https://example.org">%{evil}</a><extra>evil</extra>"'&lt;"""
COLUMNS = {
    *("USUBJID", "COHORT", "PHASE", "SITEID", "TRT01A", "SCRNFREA"),
    *("PARAM", "AVISIT", "AETERM", "AEDECOD", "AEBODSYS", "CMDECOD"),
}
# What the tests of this study find in a text of a figure if a harmful text acts there.
ACTING = re.compile(r"<i>|<a |<extra>evil")


def harmful(text: str) -> str:
    """A text with harm in it, the same for the same text; a parameter keeps its unit."""
    name, unit, rest = text.partition(" (")
    return f"{name} {HARM}{unit}{rest}"


def _rows(rows: list[Row]) -> list[Row]:
    def made(name: str, value: Any) -> Any:
        if name == "AVISIT" and str(value).startswith("Unscheduled"):
            return value
        return harmful(value) if name in COLUMNS and isinstance(value, str) else value

    return [{name: made(name, value) for name, value in row.items()} for row in rows]


def _toml() -> str:
    """`study.toml` with harm in every text a reader sees; keys and variables stay."""

    def made(match: re.Match[str]) -> str:
        return f"{match[1]}'''{match[2]} {HARM} '''"

    shown = r"^((?:name|title|simulated|label|unit|dose_unit) = )\"(.*)\"$"
    text = re.sub(shown, made, TOML, flags=re.MULTILINE)
    more = "".join(
        f"{key} = '''{HARM} '''\n"
        for key in ("citation", "doi", "registration", "design", "schedule", "data_cut", "site")
    )
    assumption = f"assumption = '''{HARM} '''"
    text = text.replace("[response]", f"[response]\n{assumption}")
    text = text.replace("[laboratory]", f"[laboratory]\nbaseline_rule = '''{HARM} '''")
    text = text.replace('"Not eligible"', f"'''{harmful('Not eligible')}'''")
    return more + text


def hostile_study(folder: Path) -> Path:
    """Write the study; gives its folder."""
    return write_study(folder, _toml(), {name: _rows(rows) for name, rows in DATASETS.items()})
