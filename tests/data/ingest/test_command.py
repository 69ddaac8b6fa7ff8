"""The command, and `make import`: where the study goes, and how wrong use is answered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.ingest.__main__ import main
from tests.support.trial import deliver, trial

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.parametrize("command", ["python", "make"])
def test_the_environment_names_the_folder_of_the_studies(tmp_path: Path, command: str) -> None:
    source, root = deliver(tmp_path / "in", trial()), tmp_path / "elsewhere"
    # The virtual environment is there already: `run-env` is taken as made.
    made = ["make", "-o", "run-env", f"PYTHON={sys.executable}", "import", f"SRC={source}"]
    asked = {"python": [sys.executable, "-m", "data.ingest", str(source)], "make": made}
    result = subprocess.run(
        asked[command],
        cwd=REPOSITORY,
        env=os.environ | {"ITP_STUDIES": str(root)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert str(root / "TRIAL") in result.stdout
    assert (root / "TRIAL" / "study.toml").is_file()


def test_the_option_goes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ITP_STUDIES", str(tmp_path / "environment"))
    source = deliver(tmp_path / "in", trial())
    assert main([str(source), "--root", str(tmp_path / "option"), "--quiet"]) == 0
    assert (tmp_path / "option" / "TRIAL" / "study.toml").is_file()
    assert not (tmp_path / "environment").exists()


@pytest.mark.parametrize("arguments", [[], ["folder", "--restore", "TRIAL"]])
def test_either_a_source_or_a_study_to_restore(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "either a source to import or --restore" in capsys.readouterr().err
