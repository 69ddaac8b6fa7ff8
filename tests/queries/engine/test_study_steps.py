"""Names and keys of a study may be anything: they are quoted, and their values bound."""

from __future__ import annotations

import json
from pathlib import Path

from data.study import load
from queries.engine.run import rows
from queries.engine.selection import Selection
from queries.filters import offers
from tests.support.requests import everything, n_patients
from tests.support.tiny import DATASETS, MINIMAL, TOML
from tests.support.writing import write_study

ODD = 'it\'s "odd" $search -- event; Ω'
ODD_TOML = (
    MINIMAL
    + """
[[group]]
key = "odd"
label = "Odd"
variable = ODD

[[filter]]
key = "prior-a"
label = "One"
variable = ODD

[[filter]]
key = "prior_a"
label = "Two"
variable = "SEX"

[[filter]]
key = "Prior A; --"
label = "Three"
variable = "AGE"
kind = "range"

[[baseline]]
label = "Odd's"
variable = ODD
kind = "category"

[[baseline]]
label = "Flag"
variable = ODD
kind = "flag"
value = "it's"

[[baseline]]
label = "A label; that's odd"
variable = "SEX"
kind = "category"

[[flow]]
label = "Odd"
where = { SEX = "F", ODD = "it's" }
""".replace("ODD", json.dumps(ODD, ensure_ascii=False))
)


def test_names_of_columns_and_keys_may_be_anything(tmp_path: Path) -> None:
    adsl = [
        {"USUBJID": f"P-{n}", "SAFFL": "Y", "SEX": sex, "AGE": 30 + n, ODD: value}
        for n, (sex, value) in enumerate([("F", "it's"), ("M", "$search"), ("F", None)])
    ]
    study = load(write_study(tmp_path / "ODD", ODD_TOML, {"adsl": adsl}))
    assert [item.variable for item in study.filters] == [ODD, "SEX", "AGE"]
    everything(study)

    def n(selection: Selection) -> int:
        return n_patients(rows(study, "group_sizes", selection, group="odd"))

    # Keys that differ in a hyphen only keep their own values.
    both = Selection().with_choice("prior-a", ("it's",)).with_choice("prior_a", ("F",))
    assert n(both) == 1
    assert n(both.with_choice("prior_a", ("M",))) == 0
    assert n(Selection().with_choice("prior-a", ("(missing)",))) == 1
    assert n(Selection().with_range("Prior A; --", (31.0, 32.0))) == 2
    found = rows(study, "baseline_table", group="all")
    flag = found[(found["line_label"] == "Flag") & found["is_overall"]]
    assert flag[["n", "n_known", "n_patients"]].to_numpy().tolist() == [[1, 2, 3]]
    assert list(rows(study, "patient_flow")["n_patients"]) == [1]
    assert set(offers(study, both)) == {"prior-a", "prior_a", "Prior A; --"}


def test_path_of_a_study_may_be_anything(tmp_path: Path) -> None:
    study = load(write_study(tmp_path / "it's [a]* $search -- 100% {x}?", TOML, DATASETS))
    assert n_patients(rows(study, "group_sizes")) == 9
    assert n_patients(rows(study, "response_rate", definition="iwg2009")) == 18
    found = everything(study)
    # All but the choice between time points of the day: there is only one.
    assert [stem for stem, frame in found.items() if frame.empty] == ["lab_time_points iwg2009"]


def test_variable_that_adsl_lacks_is_missing_for_everybody(tmp_path: Path) -> None:
    toml = TOML.replace('variable = "SITEID"', 'variable = "NOSUCH"')
    toml = toml.replace('variable = "PPROTFL"', 'variable = "NOSUCHFL"')
    toml = toml.replace('order = "COHORTN"', 'order = "NOSUCHN"')
    study = load(write_study(tmp_path / "S", toml, DATASETS))
    everything(study)
    sizes = rows(study, "group_sizes", group="site")
    assert sizes[["group_label", "n_patients"]].to_numpy().tolist() == [["(missing)", 9]]
    assert n_patients(rows(study, "group_sizes", Selection("per-protocol"))) == 0
    # A filter on it would offer nothing but "(missing)".
    assert "site" not in offers(study, Selection())
    assert "sex" in offers(study, Selection())


def test_range_filter_on_a_text_takes_its_numbers(tmp_path: Path) -> None:
    adsl = [
        {"USUBJID": f"P-{n}", "SAFFL": "Y", "WEIGHT": value}
        for n, value in enumerate(["60", "70.5", "not done", None])
    ]
    toml = MINIMAL + '[[filter]]\nkey="kg"\nlabel="Weight"\nvariable="WEIGHT"\nkind="range"\n'
    study = load(write_study(tmp_path / "S", toml, {"adsl": adsl}))
    offer = offers(study, Selection())["kg"]
    assert (offer.low, offer.high, offer.n) == (60, 70.5, 2)
    chosen = Selection().with_range("kg", (60.0, 70.5))
    assert n_patients(rows(study, "group_sizes", chosen)) == 2
