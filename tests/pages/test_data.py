"""The Data page: what it says of a study, and the import, which is off unless it is allowed."""

from __future__ import annotations

import io
import shutil
import threading
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from components.screen import imports
from components.screen.imports import Upload
from data.folders import studies as studies_in
from data.ingest import versions
from data.ingest.replacing import Replacing
from data.study import EMBEDDED, STUDIES, load
from tests.support.trial import Rows, deliver, trial
from tests.support.visiting import APP, PAGES, plain

PAGE = str(PAGES["data"].path)
AGREED = Replacing(agreed=True)
Files = dict[str, bytes]


@pytest.fixture
def studies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of studies with the embedded one, on a server that takes uploads."""
    shutil.copytree(STUDIES / EMBEDDED, tmp_path / "studies" / EMBEDDED)
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path / "studies"))
    monkeypatch.setenv("ITP_UPLOADS", "allowed")
    return tmp_path / "studies"


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., Files]:
    """The small trial as files, with some datasets replaced or, with None, left out."""

    def made(**other: Rows | None) -> Files:
        folder = tmp_path / "delivery"
        shutil.rmtree(folder, ignore_errors=True)
        rows = {name: rows for name, rows in {**trial(), **other}.items() if rows is not None}
        deliver(folder, rows)
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    return made


def opened(**params: str) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=120).run()
    at.switch_page(PAGE)
    at.query_params = params
    return ran(at)


def ran(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception
    return at


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if plain(button.label) == label).click()
    return ran(at)


def chosen(at: AppTest, files: Files) -> AppTest:
    """These files in the field for files."""
    at.file_uploader[0].set_value([(name, content, "") for name, content in files.items()])
    return ran(at)


def checked(at: AppTest, files: Files) -> AppTest:
    """The files uploaded and checked."""
    return press(chosen(at, files), "Check the files")


def table(at: AppTest, title: str) -> pd.DataFrame:
    """A table to be corrected, as it is shown."""
    rows: pd.DataFrame = editor(at, title).value
    return rows


def editor(at: AppTest, title: str) -> Any:
    return next(item for item in at.data_editor if str(item.key).endswith(f"-{title}"))


def edit(at: AppTest, title: str, column: str, value: Any, **where: str) -> None:
    """Change a cell of a table as the browser sends it."""
    rows = table(at, title)
    for name, text in where.items():
        rows = rows[rows[name] == text]
    (number,) = rows.index
    key = str(editor(at, title).key)
    state = {"edited_rows": {int(number): {column: value}}, "added_rows": [], "deleted_rows": []}
    at.session_state[key] = state


def errors(at: AppTest) -> str:
    return " ".join(plain(error.value) for error in at.error)


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name[0] != ".")


def test_import_is_off_and_the_page_says_how_to_allow_it(
    studies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ITP_UPLOADS")
    at = opened()
    assert not at.file_uploader
    assert any("ITP_UPLOADS" in text.value for text in at.markdown)
    assert at.dataframe[0].value["study"].tolist() == [EMBEDDED]


def test_the_limits_are_said_before_a_file_is_chosen(studies: Path) -> None:
    at = opened()
    (text,) = [item.value for item in at.markdown if "Limits:" in item.value]
    assert "200 MB for each file" in text
    assert "4 GB and hold 1,000 files" in text


def test_a_file_that_is_none_is_refused_in_words_and_changes_nothing(studies: Path) -> None:
    at = checked(opened(), {"adsl.xpt": b"no transport file"})
    assert "These files cannot be imported as they are. Nothing was changed." in errors(at)
    assert "adsl.xpt" in errors(at)
    assert table(at, "Files and datasets")["Why"].tolist() == ["cannot be read"]
    assert next(button for button in at.button if button.label == "Import").disabled
    # The answer stays while the page runs again.
    assert "adsl.xpt" in errors(ran(at))
    assert listed(studies) == [EMBEDDED]


def test_a_check_shows_what_was_understood_and_imports_nothing(
    studies: Path, files: Callable[..., Files]
) -> None:
    at = checked(opened(), files())
    assert "TRIAL can be imported: ADSL (6 rows, 6 patients)" in plain(at.success[0].value)
    assert listed(studies) == [EMBEDDED]
    assert table(at, "Files and datasets").set_index("File")["Dataset"].to_dict() == {
        "adae.csv": "ADAE",
        "adlb.csv": "ADLB",
        "adsl.csv": "ADSL",
    }
    assert table(at, "Arms and doses").to_dict("list") == {
        "Arm": ["Placebo", "10 mg", "20 mg"],
        "Patients": [1, 2, 2],
        "Order": [0.0, 1.0, 2.0],
        "Dose": [0.0, 10.0, 20.0],
    }
    row = table(at, "Variables").query("Dataset == 'ADAE' and Variable == 'AEDECOD'")
    assert row[["Label", "From"]].to_numpy().tolist() == [["Dictionary-Derived Term", "AEDECOD"]]
    text = next(plain(item.value) for item in at.markdown if "Not shown: Response" in item.value)
    assert "Shown: Key results, Patient flow" in text


def test_a_trial_is_corrected_imported_and_opened(
    studies: Path, files: Callable[..., Files]
) -> None:
    at = checked(opened(), files())
    edit(at, "Arms and doses", "Dose", 15, Arm="20 mg")
    edit(at, "Variables", "Same value for all rows", "CHN", Variable="COUNTRY")
    edit(at, "Labels and units", "Label", "Treatment", Where="Group", Variable="TRT01A")
    at.text_input(key="1-Names-title").set_value("A trial")
    at.text_input(key="1-Laboratory-lines").set_value("30, 50")
    at.selectbox(key="1-Response-definition").set_value("any50")
    at.number_input(key="1-Response-last").set_value(90)
    press(at, "Check again")
    assert not at.error
    # The second check shows the study as corrected.
    assert table(at, "Arms and doses")["Dose"].tolist() == [0, 10, 15]
    assert not any("Not shown: Response" in item.value for item in at.markdown)
    assert listed(studies) == [EMBEDDED]
    press(at, "Import")
    assert plain(at.success[0].value) == "TRIAL was imported."
    study = load(studies / "TRIAL")
    assert (study.title, study.reference_lines) == ("A trial", (30.0, 50.0))
    assert study.response
    assert (study.response.default, study.response.last_day) == ("any50", 90)
    assert study.groupings[0].label == "Treatment"
    rows = pd.read_parquet(studies / "TRIAL" / "adsl.parquet")
    assert set(rows["COUNTRY"]) == {"CHN"}
    assert set(rows.query("TRT01A == '20 mg'")["DOSE01A"]) == {15}
    # The map that is offered, given with the files, comes to the same study.
    (download,) = [item.proto for item in at.get("download_button") if "Map" in item.proto.label]
    assert download.url
    press(at, "Open TRIAL")
    assert at.query_params["study"] == "TRIAL"
    assert at.selectbox(key="choose-study").value == "TRIAL"


def test_a_map_that_is_uploaded_is_the_start(studies: Path, files: Callable[..., Files]) -> None:
    given = files() | {"study.toml": b'title = "Given"\n[map.ADSL]\nCOHORT = "TRT01P"\n'}
    at = checked(opened(), given)
    assert at.text_input(key="1-Names-title").value == "Given"
    assert table(at, "Variables").query("Variable == 'COHORT'")["From"].tolist() == ["TRT01P"]
    at.text_input(key="1-Names-name").set_value("Also given")
    press(at, "Import")
    study = load(studies / "TRIAL")
    assert (study.title, study.name) == ("Given", "Also given")
    assert {cohort.COHORT for cohort in study.cohorts} == {"Placebo", "10 mg", "20 mg"}


def test_every_mistake_is_named_at_once_and_can_be_corrected(
    studies: Path, files: Callable[..., Files]
) -> None:
    bare = [row | {"PARAM": row["PARAM"].split(" (")[0]} for row in trial()["adlb"]]
    at = checked(opened(), files(adlb=bare) | {"adcm.parquet": b"not Parquet"})
    assert "adcm.parquet" in errors(at)
    edit(at, "Files and datasets", "Dataset", "(leave out)", File="adcm.parquet")
    press(at, "Check again")
    assert "unit" in errors(at)
    edit(at, "Variables", "Same value for all rows", "10^9/L", Dataset="ADLB", Variable="AVALU")
    press(at, "Check again")
    assert not at.error
    press(at, "Import")
    assert listed(studies) == [EMBEDDED, "TRIAL"]


def test_a_correction_that_cannot_be_used_is_named_and_the_others_stay(
    studies: Path, files: Callable[..., Files]
) -> None:
    at = checked(opened(), files())
    at.text_input(key="1-Laboratory-lines").set_value("thirty")
    at.text_input(key="1-Names-title").set_value("Kept")
    edit(at, "Variables", "From", "PARAMCD", Dataset="ADSL", Variable="RACE")
    press(at, "Import")
    assert "'thirty' is not a list of numbers such as 30, 50." in errors(at)
    assert "ADSL.RACE: PARAMCD is not in the files of ADSL." in errors(at)
    assert listed(studies) == [EMBEDDED]
    assert at.text_input(key="1-Names-title").value == "Kept"


def test_a_zip_archive_and_files_of_one_name_are_taken(
    studies: Path, files: Callable[..., Files]
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files().items():
            archive.writestr(f"adam/{name}", content)
    at = checked(opened(), {"trial.zip": packed.getvalue()})
    edit(at, "Files and datasets", "Dataset", "(leave out)", File="trial.zip/adam/adae.csv")
    press(at, "Import")
    assert listed(studies / "TRIAL") == [
        "adlb.parquet", "adsl.parquet", "manifest.json", "report.json", "study.toml",
    ]  # fmt: skip
    twice = [Upload("adsl.csv", files()["adsl.csv"]), Upload("adsl.csv", b"not,the,same\n1,2,3\n")]
    names = [f["name"] for f in imports.checked(twice, None, "", quiet).report["files"]]
    assert sorted(names) == ["1/adsl.csv", "adsl.csv"]


@pytest.mark.parametrize("name", ["../../up.csv", "a\x00b\u202e.csv", "x" * 500 + ".csv", ".csv"])
def test_the_name_of_a_file_leads_nowhere(studies: Path, tmp_path: Path, name: str) -> None:
    report = imports.checked([Upload(name, b"a,b\n1,2\n")], None, "", quiet).report
    (file,) = report["files"]
    assert "/" not in file["name"]
    assert listed(tmp_path) == ["studies"]


def quiet(_what: str, _done: int, _total: int | None) -> None:
    pass


def test_a_study_is_replaced_if_the_reader_agrees_to_each_loss(
    studies: Path, files: Callable[..., Files]
) -> None:
    at = checked(opened(), files())
    press(at, "Import")
    (studies / "TRIAL" / "notes.txt").write_text("mine")
    at = checked(opened(), files(adae=None))
    assert [plain(box.label)[:30] for box in at.checkbox] == [
        "Replace the study TRIAL that e",
        "Drop ADAE: the present version",
    ]
    press(at, "Import")
    assert "Study TRIAL exists already" in errors(at)
    assert "dataset is in the study that would be replaced" in errors(at)
    assert (studies / "TRIAL" / "adae.parquet").exists()
    for box in at.checkbox:
        box.check()
    press(at, "Import")
    assert plain(at.success[0].value) == "TRIAL was imported."
    assert not (studies / "TRIAL" / "adae.parquet").exists()
    assert (studies / "TRIAL" / "notes.txt").read_text() == "mine"
    # And back.
    at = opened(study="TRIAL")
    press(at, "Restore")
    assert not at.error
    assert (studies / "TRIAL" / "adae.parquet").exists()


def test_the_embedded_study_is_not_replaced(studies: Path, files: Callable[..., Files]) -> None:
    before = (studies / EMBEDDED / "adsl.parquet").read_bytes()
    mine = {name: [row | {"STUDYID": EMBEDDED} for row in rows] for name, rows in trial().items()}
    at = checked(opened(), files(**mine))
    assert f"Study {EMBEDDED} comes with the app" in errors(at)
    assert next(button for button in at.button if button.label == "Import").disabled
    # It can be imported as what it is: another study.
    at.text_input(key="import-study-1").set_value("MINE")
    press(at, "Check again")
    press(at, "Import")
    assert set(studies_in(studies)) == {EMBEDDED, "MINE"}
    assert (studies / EMBEDDED / "adsl.parquet").read_bytes() == before


@pytest.mark.parametrize("allowed", [True, False])
def test_the_previous_version_is_offered_only_where_uploads_are_allowed(
    studies: Path, files: Callable[..., Files], monkeypatch: pytest.MonkeyPatch, allowed: bool
) -> None:
    uploads = [Upload(name, content) for name, content in files().items()]
    for _ in range(2):
        assert imports.imported(uploads, {}, "", AGREED, quiet).report["folder"]
    if not allowed:
        monkeypatch.setenv("ITP_UPLOADS", "no")
    labels = [button.label for button in opened(study="TRIAL").button]
    assert ("Restore" in labels) is allowed


def test_two_people_who_upload_at_once_do_not_meet(
    studies: Path, files: Callable[..., Files]
) -> None:
    """Each gets the own study; the second import waits for the first."""
    done: dict[str, imports.Checked] = {}

    def upload(study: str) -> None:
        given = [Upload(name, content) for name, content in sources[study].items()]
        assert imports.checked(given, None, "", quiet).report["study"] == study
        done[study] = imports.imported(given, {}, "", Replacing(), quiet)

    sources = {}
    for study in ("ONE", "TWO", "THREE"):
        rows = {n: [row | {"STUDYID": study} for row in rows] for n, rows in trial().items()}
        sources[study] = files(**rows)
    with versions.workshop(studies):  # somebody else is importing
        threads = [threading.Thread(target=upload, args=(study,)) for study in sources]
        for thread in threads:
            thread.start()
        threads[0].join(timeout=0.5)
    for thread in threads:
        thread.join()
    assert {study: result.report["folder"] for study, result in done.items()} == {
        study: study for study in sources
    }
    for study in sources:
        assert set(pd.read_parquet(studies / study / "adsl.parquet")["STUDYID"]) == {study}


def test_the_files_changed_since_they_were_checked(
    studies: Path, files: Callable[..., Files]
) -> None:
    at = checked(opened(), files())
    chosen(at, {"adsl.csv": files()["adsl.csv"]})
    assert [item.value for item in at.info] == ["The files have changed. Check them again."]
    assert "Import" not in [button.label for button in at.button]
    press(at, "Check the files")
    assert "TRIAL can be imported: ADSL (6 rows, 6 patients)." in plain(at.success[0].value)


def test_the_map_says_what_was_corrected(studies: Path, files: Callable[..., Files]) -> None:
    at = checked(opened(), files())
    at.text_input(key="1-Names-title").set_value("A trial")
    press(at, "Check again")
    draft = at.session_state["import-draft"]
    assert dict(draft.checked.content) == {"title": "A trial"}
    assert tomllib.loads('title = "A trial"') == draft.checked.content
