"""The `study.toml` of an import says the same as the values it is made of."""

from __future__ import annotations

import tomllib

from data.study import load
from tests.data.ingest.conftest import Import

MAP = """
citation = "after the tables, and still no part of one"
site = 'back\\\\slash, "quotes", tab\\t, \\u007f, \\u202e and 日本'
[[group]]
key = "sex"
label = "Sex"
variable = "SEX"
[[filter]]
key = "sex"
label = "Sex"
variable = "SEX"
values = { F = "Female", "M or U" = "Male", "a.b" = "dotted" }
[[flow]]
label = "Treated"
where = { SAFFL = "Y" }
[laboratory]
reference_lines = [30, 50.5]
[map]
unknown_patients = "leave out"
"""


def test_what_the_map_says_comes_back_whole(imported: Import) -> None:
    report = imported(map_toml=MAP)
    assert report.folder, report.text()
    written = tomllib.loads((report.folder / "study.toml").read_text(encoding="utf-8"))
    given = tomllib.loads(MAP)
    assert written["laboratory"] == {"parameter": "PLAT"} | given.pop("laboratory")
    assert {key: written[key] for key in given} == given
    assert written["STUDYID"] == "TRIAL"
    assert load(report.folder).filters[0].word("M or U") == "Male"
    assert [row["label"] for row in written["baseline"]][:2] == ["Age, years", "Female"]
