"""What holds of both adverse-event heatmaps: the list behind a cell, words, what is not drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.build import build
from data.study import Study
from queries.catalogue import open_study
from tests.support.event_heatmaps import (
    is_empty,
    lines,
    listed,
    marks_of,
)
from tests.support.reading import (
    captions,
    cells,
    footnote,
    hovers,
    title,
)
from tests.support.tiny import ADSL, TOML, _event
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("adverse events")


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("adverse_events", {"show": "both", "group": "cohort"}),
        ("adverse_events", {"show": "terms", "group": "dose", "emergent": "false"}),
        ("adverse_events", {"show": "terms", "group": "all", "grade": "2"}),
        ("adverse_events_by_patient", {"group": "cohort"}),
        ("adverse_events_by_patient", {"group": "phase", "emergent": "false"}),
    ],
)
@pytest.mark.parametrize("study", ["tiny", "embedded", "hostile"])
def test_the_list_behind_a_cell_has_the_patients_and_the_events_the_cell_says(
    request: pytest.FixtureRequest, study: str, name: str, texts: dict[str, str]
) -> None:
    found: Study = request.getfixturevalue(study)
    built = build(found, name, None, texts)
    for target, text in zip(marks_of(built), hovers(cells(built)), strict=True):
        rows_of_cell = listed(found, name, texts, target)
        assert rows_of_cell["USUBJID"].nunique() == target.n
        n = len(rows_of_cell)
        assert f"{n} event{'' if n == 1 else 's'}" in text


@pytest.mark.parametrize("name", ["adverse_events", "adverse_events_by_patient"])
def test_the_words_of_the_event_filters_are_in_the_figure(embedded: Study, name: str) -> None:
    texts = {
        "grade": "2",
        "serious": "true",
        "related": "true",
        "onset_from": "1",
        "onset_to": "9",
        "search": "Infection <b>",
    }
    built = build(embedded, name, None, texts)
    assert is_empty(built)
    for wording in (title(built.figure), " ".join(captions(built.figure))):
        plain_wording = " ".join(wording.split())
        for word in (
            *("treatment-emergent", "serious", "related", "grade 2 and up"),
            *("onset from week 1", "onset to week 9", "“Infection <b>”"),
        ):
            assert word in plain_wording


def test_lines_without_room_are_counted_named_and_in_the_table(folder: Path) -> None:
    adae = [_event(1, index, f"Term {index:02}", "General") for index in range(40)]
    study = open_study(write_study(folder, TOML, {"adsl": ADSL, "adae": adae}))
    for name, texts in (("adverse_events", {"show": "terms"}), ("adverse_events_by_patient", {})):
        built = build(study, name, None, texts)
        drawn = len(lines(built))
        assert drawn < 40
        assert f"No room for {40 - drawn} more lines: Term {drawn:02}," in footnote(built.figure)
        assert built.table["AEDECOD"].nunique() == 40
