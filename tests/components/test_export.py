"""`python -m components.export`: its files, exit status and error messages."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import plotly.graph_objects as go
import pytest
from PIL import Image

from components import render
from components.build import build, figure, figures
from components.escape import csv_text
from components.export import KINDS, content, main, write
from components.options.option import specs
from data.study import Study
from queries.engine.selection import Selection
from tests.support.tiny import DATASETS, TOML
from tests.support.writing import write_study

ROOT = Path(__file__).resolve().parents[2]
FIGURES = tuple(figures())
DOSE = Selection().with_choice("dose", ("2.0",))

# One Chromium for the file.
pytestmark = pytest.mark.xdist_group("pictures")


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    """Close Chromium when the file is done."""
    yield
    render.close()


def command(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, run in a separate process."""
    return subprocess.run(
        [sys.executable, "-m", "components.export", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def files(folder: Path) -> list[str]:
    """Every file below a folder, hidden ones too."""
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def is_white_picture(file: Path) -> bool:
    """Whether a file is a picture of full size on white ground."""
    with Image.open(file) as picture:
        small = picture.convert("RGB").resize((480, 270))
        corners = [picture.convert("RGB").getpixel(at) for at in ((0, 0), (3839, 2159))]
        return (
            picture.size == (3840, 2160)
            and picture.format == "PNG"
            and corners == [(255, 255, 255)] * 2
            and max(small.getcolors(480 * 270) or [(0, None)])[1] == (255, 255, 255)
        )


# --- the command -----------------------------------------------------------------------------


def test_the_command_writes_a_picture_and_says_where(tmp_path: Path) -> None:
    out = tmp_path / "new" / "course.png"
    ran = command(
        "platelet_time_course",
        *("--study", "NCT04014166", "--select", "dose=2.0"),
        *("--option", "statistic=median", "--out", out),
    )
    assert (ran.returncode, ran.stdout.strip(), ran.stderr) == (0, str(out), "")
    assert is_white_picture(out)
    assert files(tmp_path) == ["new/course.png"]


def test_the_command_without_a_browser_says_so_and_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out" / "grid.png"
    ran = command("dose_grid", "--out", out, PATH=str(tmp_path))
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr.startswith("error: No Chromium or Chrome is installed")
    assert len(ran.stderr.strip().splitlines()) == 1
    assert files(tmp_path) == []


def test_the_command_names_a_wrong_option_and_lists_the_right_ones(tmp_path: Path) -> None:
    out = tmp_path / "course.png"
    ran = command("platelet_time_course", "--option", "colour=red", "--out", out)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "'colour'" in ran.stderr
    assert all(name in ran.stderr for name in specs(figure("platelet_time_course").options))
    assert "Traceback" not in ran.stderr
    assert files(tmp_path) == []


def test_all_figures_become_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--all", str(tmp_path), "--select", "dose=2.0"]) == 0
    printed = capsys.readouterr().out.split()
    names = [f"NCT04014166_{name.replace('_', '-')}_dose-2.0.png" for name in FIGURES]
    assert files(tmp_path) == sorted(names)
    assert printed == [str(tmp_path / name) for name in names]
    assert all(is_white_picture(tmp_path / name) for name in names)
    assert len({(tmp_path / name).read_bytes() for name in names}) == len(names)


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_all_figures_become_files_of_another_kind(
    tmp_path: Path, embedded: Study, kind: str
) -> None:
    assert main(["--all", str(tmp_path), "--kind", kind]) == 0
    assert files(tmp_path) == sorted(
        f"{build(embedded, name).file_name}.{kind}" for name in FIGURES
    )


def test_figures_that_do_not_apply_are_left_out_with_their_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {name: rows for name, rows in DATASETS.items() if name != "adae"}
    write_study(tmp_path / "studies" / "NOADAE", TOML, rows)
    out = tmp_path / "out"
    asked = ["--root", str(tmp_path / "studies"), "--all", str(out), "--kind", "csv"]
    assert main(asked) == 0
    assert len(files(out)) == len(FIGURES) - 2
    assert "adverse_events: skipped. This study has no adverse events" in capsys.readouterr().out


# --- what is in the files --------------------------------------------------------------------


@pytest.mark.parametrize("name", FIGURES)
def test_the_csv_is_the_data_table(tmp_path: Path, embedded: Study, name: str) -> None:
    out = tmp_path / "table.csv"
    assert main([name, "--select", "dose=2.0", "--out", str(out)]) == 0
    table = build(embedded, name, DOSE).table
    data = out.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data == content(build(embedded, name, DOSE), "csv")
    assert data.decode("utf-8-sig") == csv_text(table)
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert lines[0] == [str(column) for column in table.columns]
    assert len(lines) == len(table) + 1
    read = pd.read_csv(out)
    for column in table.select_dtypes("number"):
        assert read[column].tolist() == pytest.approx(
            table[column].astype(float).tolist(), nan_ok=True
        )


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("response_rate", ["n", "N", "percent", "ci_low", "ci_high"]),
        ("key_results", ["n", "N", "percent", "ci_low", "ci_high"]),
        ("adverse_events", ["n", "N", "percent"]),
    ],
)
def test_the_csv_has_n_of_n_percent_and_interval_as_columns(
    tmp_path: Path, name: str, columns: list[str]
) -> None:
    out = tmp_path / "table.csv"
    assert main([name, "--out", str(out)]) == 0
    table = pd.read_csv(out)
    assert set(columns) <= set(table.columns)
    assert (100 * table["n"] / table["N"]).tolist() == pytest.approx(table["percent"].tolist())


@pytest.mark.parametrize("name", FIGURES)
def test_the_json_holds_the_figure_with_its_texts_and_queries(
    tmp_path: Path, embedded: Study, name: str
) -> None:
    out = tmp_path / "figure.json"
    assert main([name, "--select", "dose=2.0", "--out", str(out)]) == 0
    built = build(embedded, name, DOSE)
    written: dict[str, Any] = json.loads(
        out.read_text(encoding="utf-8"), parse_constant=pytest.fail
    )
    assert (written["figure"], written["title"], written["subtitle"]) == (
        name,
        built.title,
        built.subtitle,
    )
    assert (written["n"], written["N"]) == (built.n, built.n_all)
    assert written["footnote"] == list(built.footnote)
    assert (written["alt"], written["method"]) == (built.alt, built.method)
    assert [(item["name"], item["sql"]) for item in written["queries"]] == list(built.sql)
    assert len(written["table"]) == len(built.table)
    assert [list(row) for row in written["table"][:1]] == [list(built.table.columns)]
    again = go.Figure(written["plotly"])
    assert again.layout.title.text == built.figure.layout.title.text
    assert len(again.data) == len(built.figure.data)


def test_an_svg_holds_the_words_of_the_figure(tmp_path: Path) -> None:
    out = tmp_path / "picture.svg"
    arguments = ["response_rate", "--select", "phase=Dose expansion", "--out", str(out)]
    assert main(arguments) == 0
    root = ET.parse(out).getroot()  # noqa: S314 - made here
    words = " ".join("".join(part.itertext()) for part in root)
    assert "6 of 18 patients · Phase: Dose expansion" in words
    assert "Simulated patients, built to agree with the published totals" in words


@pytest.mark.parametrize(
    ("given", "n"),
    [
        (["dose=2"], 12),
        (["dose=2.0,1.0"], 15),
        (["dose=0.5|1.0"], 6),
        (["sex=female"], 15),
        (["sex=F", "age=40-50"], 11),
        (["phase=dose ESCALATION"], 12),
        (["analysis-set=per-protocol"], 17),
        (["dose = 2.0", "splenectomy=Y"], 7),
        (["dose=0.5", "phase=Dose expansion"], 0),
    ],
)
def test_selections_are_read_as_a_person_writes_them(
    tmp_path: Path, given: list[str], n: int
) -> None:
    out = tmp_path / "grid.json"
    arguments = [part for text in given for part in ("--select", text)]
    assert main(["dose-grid", *arguments, "--out", str(out)]) == 0
    written = json.loads(out.read_text(encoding="utf-8"))
    # The per-protocol set has one patient fewer.
    n_all = 17 if "analysis-set=per-protocol" in given else 18
    assert (written["n"], written["N"]) == (n, n_all)


# --- what goes wrong -------------------------------------------------------------------------

GIVEN = ["platelet_time_course", "--out", "OUT/file.csv"]
WRONG: list[tuple[str, list[str], list[str]]] = [
    ("study", [*GIVEN, "--study", "NCT1"], ["'NCT1'", "NCT04014166"]),
    ("figure", ["platelets", "--out", "OUT/file.csv"], ["'platelets'", *FIGURES]),
    ("filter", [*GIVEN, "--select", "cohort=1"], ["'cohort'", "dose", "phase", "analysis-set"]),
    ("value", [*GIVEN, "--select", "dose=3.0"], ["dose", "'3.0'", "0.5, 1.0, 2.0"]),
    ("one of two values", [*GIVEN, "--select", "dose=2.0,9"], ["'9'", "0.5, 1.0, 2.0"]),
    ("range", [*GIVEN, "--select", "age=old"], ["age", "'old'", "30-50"]),
    ("range outside", [*GIVEN, "--select", "age=80-90"], ["'80-90'", "30-50"]),
    ("set", [*GIVEN, "--select", "analysis-set=itt"], ["'itt'", "treated, full, per-protocol"]),
    ("no sign", [*GIVEN, "--select", "dose"], ["--select 'dose'", "NAME=VALUE"]),
    ("option", [*GIVEN, "--option", "color=red"], ["'color'", "statistic", "scale", "group"]),
    (
        "option value",
        [*GIVEN, "--option", "statistic=mode"],
        ["statistic", "'mode'", "individual, median, mean, box"],
    ),
    ("option no sign", [*GIVEN, "--option", "statistic"], ["--option 'statistic'", "NAME=VALUE"]),
    (
        "option of another figure",
        ["dose_grid", "--out", "OUT/file.csv", "--option", "statistic=mean"],
        ["'statistic'", "none"],
    ),
    (
        "ending",
        ["dose_grid", "--out", "OUT/file.pdf"],
        [".pdf", ".png", ".svg", ".csv", ".json"],
    ),
    ("no ending", ["dose_grid", "--out", "OUT/file"], [".png", ".svg", ".csv", ".json"]),
    (
        "option with --all",
        ["--all", "OUT", "--option", "group=dose"],
        ["--option", "--all"],
    ),
]


@pytest.mark.parametrize(
    ("arguments", "named"), [pytest.param(given, named, id=what) for what, given, named in WRONG]
)
def test_what_is_wrong_is_named_with_what_would_be_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], named: list[str]
) -> None:
    out = tmp_path / "out"
    status = main([text.replace("OUT", str(out)) for text in arguments])
    printed = capsys.readouterr()
    assert status == 2
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert all(text in printed.err for text in named)
    assert "Traceback" not in printed.err
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dose_grid"],
        ["--out", "OUT/file.csv"],
        ["--all"],
        ["--all", "OUT", "--kind", "pdf"],
        ["dose_grid", "--out", "OUT/file.csv", "--colour", "red"],
        ["dose_grid", "--out", "OUT/file.csv", "--all", "OUT"],
    ],
)
def test_an_incomplete_command_shows_how_it_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as ended:
        sys.exit(main([text.replace("OUT", str(out)) for text in arguments]))
    assert ended.value.code == 2
    assert "usage: python -m components.export" in capsys.readouterr().err
    assert not out.exists()


def test_the_help_names_every_figure_and_kind(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert all(name in printed.replace("\n", "").replace(" ", "") for name in FIGURES)
    assert all(kind in printed for kind in KINDS)


def test_where_there_are_several_studies_one_must_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ONE", "TWO"):
        write_study(tmp_path / name, TOML.replace("TINY", name), DATASETS)
    out = tmp_path / "grid.csv"
    arguments = ["dose_grid", "--root", str(tmp_path), "--out", str(out)]
    assert main(arguments) == 2
    assert "ONE, TWO" in capsys.readouterr().err
    assert not out.exists()
    assert main([*arguments, "--study", "TWO"]) == 0
    assert out.exists()


def test_where_there_is_no_study_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dose_grid", "--root", str(tmp_path), "--out", str(tmp_path / "a.csv")]) == 2
    assert "there is no study" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("study.toml", "this is = no TOML ="),
        ("study.toml", "STUDYID = 'X'"),
        ("adsl.parquet", "this is no Parquet"),
        ("adlb.parquet", "PAR1 this is no Parquet either"),
    ],
)
def test_a_broken_study_is_said_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, text: str
) -> None:
    folder = write_study(tmp_path / "BROKEN", TOML, DATASETS)
    (folder / file).write_text(text, encoding="utf-8")
    out = tmp_path / "course.csv"
    status = main(["platelet_time_course", "--root", str(tmp_path), "--out", str(out)])
    printed = capsys.readouterr().err
    assert status == 2
    assert printed.startswith("error: ")
    assert file in printed
    assert not out.exists()


def test_a_figure_that_does_not_apply_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {name: rows for name, rows in DATASETS.items() if name != "adae"}
    write_study(tmp_path / "studies" / "NOADAE", TOML, rows)
    out = tmp_path / "events.png"
    arguments = ["adverse_events", "--root", str(tmp_path / "studies"), "--out", str(out)]
    assert main(arguments) == 2
    assert "no adverse events (ADAE)" in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_that_cannot_be_written_to_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("here", encoding="utf-8")
    assert main(["dose_grid", "--out", str(tmp_path / "file" / "grid.csv")]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    (tmp_path / "grid.csv").mkdir()
    assert main(["dose_grid", "--out", str(tmp_path / "grid.csv")]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert files(tmp_path) == ["file"]


def test_a_picture_that_fails_leaves_the_older_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "grid.png"
    out.write_bytes(b"older")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["dose_grid", "--out", str(out)]) == 1
    assert "No Chromium" in capsys.readouterr().err
    assert out.read_bytes() == b"older"
    assert files(tmp_path) == ["grid.png"]


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "er" / "file.bin"
    write(b"one", out)
    write(b"two", out)
    assert out.read_bytes() == b"two"
    assert files(tmp_path) == ["deep/er/file.bin"]


def test_another_root_gives_another_study_the_same_way(tmp_path: Path, embedded: Study) -> None:
    shutil.copytree(embedded.folder, tmp_path / embedded.id)
    out = tmp_path / "rates.csv"
    assert main(["response_rate", "--root", str(tmp_path), "--out", str(out)]) == 0
    assert out.read_bytes() == content(build(embedded, "response_rate"), "csv")


def test_the_environment_names_another_folder_of_studies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_study(tmp_path / "TINY", TOML, DATASETS)
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path))
    out = tmp_path / "grid.json"
    assert main(["dose_grid", "--out", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["N"] == 9
