"""The patient flow against ADSL: boxes of the whole study, whatever is selected."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest

from components.build import Built, build
from components.figures.patient_flow import Box, FlowSummary, Step, draw
from data.study import Study
from queries.catalogue import open_study
from queries.engine.selection import Selection
from tests.support import reference
from tests.support.reading import NOTHING, captions, footnote, plain, select, title
from tests.support.tiny import ADSL, DATASETS, TOML
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("rates")

EMPTY = select(dose="0.5", phase="Dose expansion")


def boxes(built: Built) -> dict[str, int]:
    """Label -> n of every box."""
    found = {}
    for text in captions(built.figure):
        label, _, n = text.replace("\n", " ").rpartition(" n = ")
        if label:
            found[label] = int(n)
    return found


def counted(study: Study) -> dict[str, int]:
    """Label -> patients whose ADSL row fulfils every condition of the step."""
    rows = reference.rows(study, "adsl")
    return {
        step.label: sum(all(str(row[name]) == value for name, value in step.where) for row in rows)
        for step in study.flow
    }


@pytest.mark.parametrize("study", ["tiny", "embedded"], indirect=True)
def test_boxes_count_the_patients_of_the_whole_study(study: Study) -> None:
    built = build(study, "patient_flow")
    cohorts = Counter(
        row["COHORT"] for row in reference.analysed(study, NOTHING) if row["COHORT"] is not None
    )
    assert boxes(built) == counted(study) | dict(cohorts)
    table = dict(zip(built.table["step"], built.table["n"], strict=True))
    expected = counted(study) | {f"Cohort {name}": n for name, n in cohorts.items()}
    assert table == expected


def test_the_embedded_study_flows_from_22_screened_to_18_enrolled(embedded: Study) -> None:
    found = boxes(build(embedded, "patient_flow"))
    assert (found["Screened"], found["Enrolled and treated"]) == (22, 18)


@pytest.mark.parametrize(
    "selection",
    [
        EMPTY,
        select(dose="2.0"),
        select(analysis_set="per-protocol"),
    ],
)
def test_filters_do_not_act_and_it_says_so(embedded: Study, selection: Selection) -> None:
    whole = build(embedded, "patient_flow")
    built = build(embedded, "patient_flow", selection)
    assert boxes(built) == boxes(whole)
    for text in (title(built.figure), footnote(built.figure)):
        assert "do not act" in text
    for word in ("2.0", "Dose:"):
        assert word not in title(built.figure)
    assert "12 of 18" not in built.alt
    assert "0 of 18" not in built.alt


def test_boxes_do_not_lie_on_each_other(embedded: Study) -> None:
    figure = build(embedded, "patient_flow").figure
    rectangles = [
        (shape.x0, shape.x1, shape.y0, shape.y1)
        for shape in figure.layout.shapes
        if shape.type == "rect"
    ]
    low, high = sorted(figure.layout.yaxis.range)
    for index, (x0, x1, y0, y1) in enumerate(rectangles):
        assert low <= y0 < y1 <= high
        for left, right, bottom, top in rectangles[index + 1 :]:
            assert x1 <= left or right <= x0 or y1 <= bottom or top <= y0


def test_a_trial_that_goes_on_shows_who_left_and_who_is_still_in(tmp_path: Path) -> None:
    """Nobody completed: the last box has its exits below; the cohorts are those of the treated."""
    flow = """
[[flow]]
label = "Enrolled"
where = {}

[[flow]]
label = "Never treated"
where = { SAFFL = "N" }
side = true

[[flow]]
label = "Treated"
where = { SAFFL = "Y" }

[[flow]]
label = "Ongoing"
where = { SAFFL = "Y", EOSSTT = "ONGOING" }
side = true
"""
    toml = re.sub(r"\[\[flow\]\][^\[]*", "", TOML) + flow
    adsl = [row | {"EOSSTT": "ONGOING"} for row in ADSL]
    study = open_study(write_study(tmp_path / "ON", toml, DATASETS | {"adsl": adsl}))
    built = build(study, "patient_flow")
    notes = {
        plain(note.text).split("\n")[0].split(" n = ")[0]: float(note.y)
        for note in built.figure.layout.annotations
        if note.text and note.name != "footnote"
    }
    order = ["Enrolled", "Never treated", "Treated", "Low", "Ongoing"]
    assert sorted(order, key=lambda name: -notes[name]) == order
    assert notes["Low"] == notes["High"]


def test_what_is_simulated_is_named(embedded: Study) -> None:
    said = footnote(build(embedded, "patient_flow").figure)
    assert "with no published number: Discontinued early, Completed week 28." in said


def test_it_is_drawn_from_a_summary_made_by_hand() -> None:
    steps = (
        Step(Box("Screened", 10), (), (Box("Not eligible", 2),)),
        Step(Box("Treated", 8), (Box("A", 3), Box("B", 5)), ()),
        Step(Box("Completed", 7), (), ()),
    )
    summary = FlowSummary(title="Flow", subtitle="", alt="", table=pd.DataFrame(), steps=steps)
    canvas = draw(summary).canvas
    boxes = [shape for shape in canvas.shapes if shape["type"] == "rect"]
    texts = [note["text"] for note in canvas.annotations if note["text"]]
    assert len(boxes) == len(texts) == 6
    assert "<b>Screened</b><br><b>n = 10</b>" in texts
    assert "Not eligible <b>n = 2</b>" in texts
    middles = [(shape["y0"] + shape["y1"]) / 2 for shape in boxes]
    assert middles == sorted(middles, reverse=True)
    go.Figure(canvas.as_plotly())
