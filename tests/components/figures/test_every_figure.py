"""What holds of every figure: it stands alone, says who is in it, and no text of the data acts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from components.build import Built, build, figures, reason_against
from components.options.option import specs
from components.wording import unit_text
from data.study import Study
from queries.catalogue import open_study
from queries.engine.selection import words
from tests.support import reference
from tests.support.hostile import ACTING, HARM, harmful
from tests.support.reading import (
    NOTHING,
    PLACEHOLDER,
    captions,
    footnote,
    plain,
    select,
    texts,
    ticks,
    title,
)
from tests.support.tiny import ADSL, DATASETS, HOSTILE_SITE, TOML
from tests.support.writing import write_study

# One worker: figures that are built once serve every test of the file.
pytestmark = pytest.mark.xdist_group("every figure")

FIGURES = tuple(figures())
# The whole study is in it, whatever is selected.
UNFILTERED = {"patient_flow"}
SELECTIONS = {
    "everybody": NOTHING,
    "dose": select(dose="2.0"),
    "two doses": select(dose="0.5|2.0"),
    "phase, sex and age": select(phase="Dose escalation", sex="F", age=(33, 46)),
    "analysis set": select(analysis_set="per-protocol", splenectomy="Y"),
}
NOBODY = select(dose="0.5", phase="Dose expansion", sex="M")
EVERY = pytest.mark.parametrize("name", FIGURES)
SELECTED = pytest.mark.parametrize("chosen", SELECTIONS)


def inside(built: Built) -> str:
    """Everything a reader can read in the picture."""
    layout = built.figure.layout
    axes = [axis for key, axis in layout.to_plotly_json().items() if re.match(r"[xy]axis", key)]
    parts = [title(built.figure), footnote(built.figure), *captions(built.figure)]
    for axis in axes:
        parts += [plain(str(text)) for text in axis.get("ticktext") or ()]
        parts.append(plain(str((axis.get("title") or {}).get("text", ""))))
    for trace in built.figure.data:
        if trace.type == "table":
            parts += [plain(str(text)) for text in trace.header.values]
        if trace.name and trace.showlegend is not False:
            parts.append(plain(trace.name))
    return "\n".join(parts)


@EVERY
@SELECTED
def test_a_picture_says_what_it_shows_of_whom_and_from_where(
    embedded: Study, name: str, chosen: str
) -> None:
    selection = SELECTIONS[chosen]
    built = build(embedded, name, selection)
    head, foot = title(built.figure), footnote(built.figure)
    assert head.startswith(f"{built.title}\n")
    assert re.match(r"[A-Z][a-z]", built.title)
    assert all(" ".join(line.split()) in foot for line in built.footnote)
    assert f"Simulated from the published totals of NCT04014166; {embedded.citation}" in foot
    assert f"Data cut-off: {embedded.data_cut}." in foot
    assert f"{embedded.simulated}." in foot
    assert "Simulated patients, built to agree with the published totals" in foot
    if name in UNFILTERED:
        return
    n = len(reference.population(embedded, selection))
    n_all = len(reference.analysed(embedded, selection))
    assert (built.n, built.n_all) == (n, n_all)
    for text in (head, foot, built.alt):
        assert f"{n} of {n_all} patients" in text
    for word in words(embedded, selection):
        assert unit_text(word) in head
        assert unit_text(word) in foot
    assert ("Filters: none." in foot) == (not words(embedded, selection))
    own = embedded.analysis_set(selection.analysis_set)
    assert f"Analysis set: {own.label} ({own.variable} = Y" in foot


@EVERY
@SELECTED
def test_the_patients_of_every_group_are_in_the_picture(
    embedded: Study, name: str, chosen: str
) -> None:
    selection = NOTHING if name in UNFILTERED else SELECTIONS[chosen]
    built = build(embedded, name, selection)
    group = "dose" if name == "dose_grid" else "cohort"
    said = inside(built)
    for label, n in reference.group_sizes(embedded, selection, group).items():
        assert re.search(rf"{re.escape(label)}(?:\n|, | | \()n = {n}\b", said), label


@EVERY
@SELECTED
def test_the_method_is_in_words(embedded: Study, name: str, chosen: str) -> None:
    built = build(embedded, name, SELECTIONS[chosen])
    assert re.match(r"[A-Z][a-z]+ ", built.method) or built.method.startswith("Clopper-Pearson")
    assert [stem for stem, sql in built.sql if "select" not in sql] == []


@EVERY
@SELECTED
def test_the_text_alternative_is_written_from_the_data(
    embedded: Study, name: str, chosen: str
) -> None:
    built = build(embedded, name, SELECTIONS[chosen])
    assert built.alt.startswith(f"{built.title}.")
    assert built.alt.endswith(".")
    assert ".." not in built.alt
    assert "nan" not in built.alt.lower().split()
    body = built.alt.removeprefix(built.title)
    assert len(re.findall(r"\d+", body)) > 4
    assert "<" not in body


@EVERY
def test_text_alternatives_differ_where_the_patients_do(embedded: Study, name: str) -> None:
    found = {build(embedded, name, selection).alt for selection in SELECTIONS.values()}
    assert len(found) == (1 if name in UNFILTERED else len(SELECTIONS))


@EVERY
def test_the_file_name_is_made_of_study_figure_selection_and_options(
    embedded: Study, name: str
) -> None:
    names = {
        chosen: build(embedded, name, selection).file_name
        for chosen, selection in SELECTIONS.items()
    }
    start = f"NCT04014166_{name.replace('_', '-')}"
    assert names["everybody"] == start
    assert names["dose"] == f"{start}_dose-2.0"
    assert names["two doses"] == f"{start}_dose-0.5-2.0"
    assert names["analysis set"] == f"{start}_per-protocol_splenectomy-Y"
    for part in ("phase-Dose-escalation", "sex-F", "age-33-46"):
        assert part in names["phase, sex and age"]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,120}", found) for found in names.values())
    if "group" in specs(figures()[name].options):
        found = build(embedded, name, NOTHING, {"group": "phase"})
        assert found.file_name == f"{start}_group-phase"


def test_long_selections_with_different_patients_have_different_file_names(
    embedded: Study,
) -> None:
    values = [option["ANTIBODY"] for option in reference.population(embedded, NOTHING)]
    long = select(
        dose="0.5|1.0|2.0",
        phase="Dose escalation|Dose expansion",
        sex="F|M",
        splenectomy="Y|N",
        rituximab="Y|N",
        autoantibody="|".join(sorted(set(values))),
    )
    found = {
        build(embedded, "response_rate", long, {"interval": interval, "level": level}).file_name
        for interval in ("clopper-pearson", "wilson")
        for level in ("90", "99")
    }
    assert len(found) == 4
    assert all(len(name) <= 120 for name in found)


@EVERY
def test_a_selection_of_nobody_gives_a_sentence_that_names_the_filters(
    embedded: Study, name: str
) -> None:
    built = build(embedded, name, NOBODY)
    assert built.is_empty
    assert built.n == 0
    if name in UNFILTERED:
        assert build(embedded, name).table.equals(built.table)
        return
    assert len(built.figure.data) == 0
    said = " ".join(" ".join(captions(built.figure)).split())
    assert "No patient passes all of these filters" in said
    assert "Dose: 0.5 × 10⁶ cells/kg; Phase: Dose expansion; Sex: Male" in said
    assert "0 of 18 patients" in title(built.figure)
    assert "0 of 18 patients" in footnote(built.figure)
    assert "No patient passes" in built.alt
    assert f"{embedded.simulated}." in footnote(built.figure)
    assert built.figure.layout.xaxis.visible is False


@EVERY
def test_a_selection_of_nobody_is_calm_for_every_option(embedded: Study, name: str) -> None:
    for option, spec in specs(figures()[name].options).items():
        for value in list(spec.values(embedded))[:3]:
            built = build(embedded, name, NOBODY, {option: value})
            assert built.n == 0


@EVERY
def test_one_patient_is_enough_for_a_figure(tiny: Study, name: str) -> None:
    # The patient with a baseline and no count after it, and the one without a baseline.
    for age in (50, 65):
        built = build(tiny, name, select(age=(age, age)))
        assert built.n == 1
        assert "nan" not in built.alt.lower().split()


@EVERY
def test_every_axis_label_is_said_and_no_number_is_missing_in_it(
    embedded: Study, name: str
) -> None:
    for selection in SELECTIONS.values():
        layout = build(embedded, name, selection).figure.layout
        for key in layout.to_plotly_json():
            if re.match(r"[xy]axis", key):
                said = ticks(layout[key])
                assert len(layout[key].tickvals or said) == len(said) or not said
                assert not any(re.search(r"\b(?:nan|None|NaT)\b", text) for text in said)


# --- texts that mean harm --------------------------------------------------------------------

VARIANTS: dict[str, list[dict[str, str]]] = {
    "platelet_time_course": [
        {"statistic": statistic, "layout": layout, "axis": axis, "group": group}
        for statistic, layout, axis, group in (
            ("individual", "panels", "visit", "cohort"),
            ("individual", "overlay", "day", "site"),
            ("median", "overlay", "visit", "cohort"),
            ("median", "panels", "visit", "phase"),
            ("mean", "overlay", "day", "phase"),
            ("box", "panels", "visit", "cohort"),
        )
    ],
    "response_rate": [{"group": "site"}, {"definition": "target_band", "missing": "excluded"}],
    "adverse_events": [{"show": "both"}, {"show": "terms", "group": "site", "cutoff": "20"}],
    "adverse_events_by_patient": [{"group": "site"}, {"emergent": "false", "cutoff": "20"}],
    "baseline": [{"group": "site"}],
    "key_results": [{"group": "site"}, {"group": "phase"}],
}
HARMFUL: list[tuple[str, dict[str, str]]] = [(name, {}) for name in FIGURES] + [
    (name, variant) for name, variants in VARIANTS.items() for variant in variants
]


def said_in(figure: Any) -> list[tuple[str, str]]:
    """Every text of a figure that Plotly shows, with its path.

    Data that only travels along (what a click sends back, what ties a legend together) is shown
    nowhere, unless a hover asks for it.
    """
    asked = {
        index
        for index, trace in enumerate(figure.data)
        if "%{customdata" in str(trace.to_plotly_json().get("hovertemplate"))
    }
    found = []
    for path, text in texts(figure):
        parts = path.split(".")
        if "legendgroup" in parts:
            continue
        if "customdata" in parts and int(parts[1]) not in asked:
            continue
        found.append((path, text))
    return found


@pytest.mark.parametrize(("name", "variant"), HARMFUL)
def test_no_text_of_the_data_acts_as_a_tag_or_a_template(
    hostile: Study, name: str, variant: dict[str, str]
) -> None:
    figure = build(hostile, name, None, variant).figure
    for path, text in said_in(figure):
        assert not ACTING.search(text), path
        if path.rpartition(".")[2] in {"hovertemplate", "texttemplate"}:
            assert "%{" not in PLACEHOLDER.sub("", text), path
            assert text.count("<extra>") <= 1, path


@pytest.mark.parametrize(("name", "variant"), HARMFUL)
def test_harmful_text_is_shown_as_it_was_written(
    hostile: Study, name: str, variant: dict[str, str]
) -> None:
    figure = build(hostile, name, None, variant).figure
    shown = [plain(text) for _, text in said_in(figure)]
    assert any(HARM in text for text in shown)
    assert HARM in footnote(figure)


@pytest.mark.parametrize("name", FIGURES)
def test_a_harmful_selection_is_named_and_does_not_act(hostile: Study, name: str) -> None:
    site = harmful(HOSTILE_SITE)
    for selection, n in ((select(site=site), 1), (select(site=site, sex="M"), 0)):
        built = build(hostile, name, selection)
        assert built.n == n
        for path, text in said_in(built.figure):
            assert not ACTING.search(text), path
        if name not in UNFILTERED:
            assert HARM in title(built.figure).replace("\n", " ")
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,120}", built.file_name)


@pytest.mark.parametrize("name", ["adverse_events", "adverse_events_by_patient"])
@pytest.mark.parametrize("found", ["head", "nobody %{evil}"])
def test_a_harmful_search_is_named_and_does_not_act(hostile: Study, name: str, found: str) -> None:
    built = build(hostile, name, None, {"search": f"{found}<i>"})
    assert f"containing “{found}<i>”" in title(built.figure)
    for path, text in said_in(built.figure):
        assert not ACTING.search(text), path


@pytest.mark.parametrize("name", FIGURES)
def test_figures_of_the_hostile_study_have_the_numbers_of_the_tiny_one(
    hostile: Study, tiny: Study, name: str
) -> None:
    ours, theirs = build(hostile, name).table, build(tiny, name).table
    assert list(ours.columns) == list(theirs.columns)
    numbers = [column for column in theirs.columns if theirs[column].dtype.kind in "iufb"]
    assert {"n", "AVAL", "events"} & set(numbers)
    assert sorted(map(str, ours[numbers].to_numpy().tolist())) == sorted(
        map(str, theirs[numbers].to_numpy().tolist())
    )


# --- a study that lacks something ------------------------------------------------------------


def test_every_figure_applies_to_the_embedded_study(embedded: Study) -> None:
    assert [reason_against(embedded, name) for name in FIGURES] == [""] * len(FIGURES)


@pytest.mark.parametrize("name", ["baseline", "adverse_events", "response_rate", "key_results"])
def test_a_group_called_all_patients_keeps_its_own_numbers(tmp_path: Path, name: str) -> None:
    named = {"Low": "All patients"}
    adsl = [row | {"COHORT": named.get(row["COHORT"], row["COHORT"])} for row in ADSL]
    study = open_study(write_study(tmp_path / "NAMED", TOML, DATASETS | {"adsl": adsl}))
    built = build(study, name)
    said = inside(built)
    assert len(built.figure.layout.xaxis.tickvals or ()) == len(ticks(built.figure.layout.xaxis))
    assert re.search(r"All patients[^\n]*\nn = 4\b", said)
    assert re.search(r"All patients[^\n]*\nn = 9\b", said)
