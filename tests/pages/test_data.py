"""The Data page: what it says of a study, and the import, which is off unless it is allowed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.study import STUDIES
from tests.support.visiting import APP, PAGES

PAGE = str(PAGES["data"].path)


@pytest.fixture
def studies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(STUDIES / "NCT04014166", tmp_path / "NCT04014166")
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path))
    return tmp_path


def opened() -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60).run()
    at.switch_page(PAGE).run()
    assert not at.exception
    return at


def test_import_is_off_and_the_page_says_how_to_allow_it(
    studies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ITP_UPLOADS", raising=False)
    at = opened()
    assert not at.file_uploader
    assert any("ITP_UPLOADS" in text.value for text in at.markdown)
    assert at.dataframe[0].value["study"].tolist() == ["NCT04014166"]


def test_a_file_that_is_none_is_refused_in_words_and_changes_nothing(
    studies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ITP_UPLOADS", "allowed")
    at = opened()
    at.file_uploader[0].upload("adsl.xpt", b"no transport file")
    next(button for button in at.button if button.label == "Import").click().run()
    assert not at.exception
    assert not at.success
    assert "nothing was changed" in at.error[0].value
    # The answer stays while its tables are opened.
    at.run()
    assert "nothing was changed" in at.error[0].value
    assert sorted(path.name for path in studies.iterdir() if path.name[0] != ".") == ["NCT04014166"]


def test_an_uploaded_trial_stands_beside_the_others(
    studies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ITP_UPLOADS", "allowed")
    patients = ["STUDYID,USUBJID,SAFFL,TRT01A,TRT01AN,TRTSDT,AGE,SEX"]
    patients += [f"UP01,UP01-{n},Y,Drug,1,2024-01-01,4{n},F" for n in range(5)]
    at = opened()
    at.file_uploader[0].upload("adsl.csv", "\n".join(patients).encode())
    next(button for button in at.button if button.label == "Import").click().run()
    assert not at.exception
    assert "UP01" in at.success[0].value
    assert (studies / "UP01" / "adsl.parquet").is_file()
    at.run()
    assert next(box for box in at.selectbox if box.label == "Study").options == [
        "NCT04014166",
        "UP01",
    ]
