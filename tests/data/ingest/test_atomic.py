"""A crash, a full disk or a kill at any moment leaves the old version or the new one."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.folders import studies
from data.ingest import ingest, versions
from data.ingest.__main__ import main
from data.ingest.replacing import Replacing
from data.study import VERSIONS, load
from tests.support.trial import Rows, adae, adlb, adsl, deliver

REPOSITORY = Path(__file__).parents[3]
IMPORT = (sys.executable, "-m", "data.ingest", "--quiet", "--replace")
AGREED = Replacing(agreed=True)


def version(number: int) -> dict[str, Rows]:
    """The trial with every patient's age, and every platelet count, saying which version it is."""
    return {
        "adsl": [row | {"AGE": number} for row in adsl()],
        "adlb": [row | {"AVAL": float(number)} for row in adlb()],
        "adae": [row | {"AETERM": str(number)} for row in adae()],
    }


def version_in(folder: Path) -> int:
    """Which version a study's folder holds; fails if its files are of different ones."""
    load(folder)
    ages = set(pq.read_table(folder / "adsl.parquet").column("AGE").to_pylist())
    values = set(pq.read_table(folder / "adlb.parquet").column("AVAL").to_pylist())
    terms = set(pq.read_table(folder / "adae.parquet").column("AETERM").to_pylist())
    assert len(ages) == len(values) == len(terms) == 1
    (age,) = ages
    assert values == {float(age)}
    assert terms == {str(age)}
    return int(age)


def shown(root: Path) -> int:
    """Which version of the one study the app shows."""
    ((folder,),) = studies(root).values()
    assert list(studies(root)) == ["TRIAL"]
    return version_in(folder)


def settled(root: Path) -> list[int]:
    """The version shown and, where there is one, the previous one; nothing else may be there."""
    previous = root / VERSIONS / "TRIAL" / "previous"
    entries = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_dir()}
    assert studies(root) == {"TRIAL": (root / "TRIAL",)}
    kept = [previous] if previous.exists() else []
    assert {path.name for path in root.iterdir()} == {"TRIAL", VERSIONS}
    assert entries - {f"{VERSIONS}/TRIAL"} == {
        "TRIAL", VERSIONS, *(path.relative_to(root).as_posix() for path in kept)
    }  # fmt: skip
    return [shown(root), *map(version_in, kept)]


def start(source: Path, root: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*IMPORT, str(source), "--root", str(root)],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_killed_at_many_moments(tmp_path: Path) -> None:
    root = tmp_path / "studies"
    sources = {n: deliver(tmp_path / str(n), version(n)) for n in (41, 42)}
    began = time.monotonic()
    assert start(sources[41], root).wait() == 0
    takes = time.monotonic() - began
    current, killed, finished = 41, 0, 0
    moments = random.Random(7)  # noqa: S311
    for _ in range(6):
        other = 83 - current
        process = start(sources[other], root)
        time.sleep(takes * moments.uniform(0.3, 1.05))
        process.send_signal(signal.SIGKILL)
        was_killed = process.wait() == -signal.SIGKILL
        now = shown(root)
        assert now in ((current, other) if was_killed else (other,))
        killed += was_killed
        finished += now == other
        current = now
    assert killed
    # What the killed ones left is cleared away by the next.
    assert start(sources[41], root).wait() == 0
    assert settled(root) == [41, current]


SUICIDE = """
import os, shutil, sys
from pathlib import Path
from data.ingest import ingest, versions
from data.ingest.replacing import Replacing

nth, when, steps = int(sys.argv[3]), sys.argv[4], iter(range(1, 100))

def deadly(function):
    def run(*a, **k):
        is_last = next(steps) == nth
        if is_last and when == "before":
            os._exit(9)
        result = function(*a, **k)
        if is_last:
            os._exit(9)
        return result
    return run

put_in_place = versions.put_in_place
def armed(made, study):
    Path.rename, versions._remove = deadly(Path.rename), deadly(versions._remove)
    put_in_place(made, study)
    os._exit(8)

versions.put_in_place = armed
ingest(Path(sys.argv[1]), Path(sys.argv[2]), replacing=Replacing(agreed=True))
"""


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of studies with versions 41 and, before it, 40; and version 42 to be imported."""
    folder = tmp_path_factory.mktemp("versions")
    sources = {n: deliver(folder / str(n), version(n)) for n in (40, 41, 42)}
    assert ingest(sources[40], folder / "studies").ok
    assert ingest(sources[41], folder / "studies", replacing=AGREED).ok
    assert settled(folder / "studies") == [41, 40]
    return folder / "studies", sources[42]


STEPS = ["new to next", "previous to outdated", "present to previous", "next to present", "removal"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step_of_the_swap(
    tmp_path: Path, two_versions: tuple[Path, Path], step: str, when: str
) -> None:
    """The process ends itself right before or right after a step of the swap."""
    root = tmp_path / "studies"
    shutil.copytree(two_versions[0], root)
    nth = STEPS.index(step) + 1
    process = subprocess.run(
        [sys.executable, "-c", SUICIDE, str(two_versions[1]), str(root), str(nth), when],
        cwd=REPOSITORY,
    )
    assert process.returncode == 9
    moved_away = nth > 3 or (nth == 3 and when == "after")
    assert shown(root) == (42 if moved_away else 41)
    # The next import, even one that comes to nothing, tidies up, and nothing that counts is lost.
    assert not ingest(tmp_path / "nothing", root).ok
    assert settled(root) == ([42, 41] if moved_away else [41, 40])


def test_all_steps_of_the_swap_are_tried(tmp_path: Path, two_versions: tuple[Path, Path]) -> None:
    root = tmp_path / "studies"
    shutil.copytree(two_versions[0], root)
    more = [sys.executable, "-c", SUICIDE, str(two_versions[1]), str(root), str(len(STEPS) + 1)]
    assert subprocess.run([*more, "before"], cwd=REPOSITORY).returncode == 8
    assert shown(root) == 42


def test_a_study_is_there_while_it_is_being_replaced(
    tmp_path: Path, two_versions: tuple[Path, Path]
) -> None:
    root = tmp_path / "studies"
    shutil.copytree(two_versions[0], root)
    ended = threading.Event()

    def replace() -> None:
        for _ in range(30):
            versions.restore(root, "TRIAL")
        ended.set()

    replacing = threading.Thread(target=replace)
    replacing.start()
    looks = 0
    while not ended.is_set():
        assert list(studies(root)) == ["TRIAL"]
        looks += 1
    replacing.join()
    assert looks > 30
    assert settled(root) == [41, 40]


def test_the_previous_version_can_be_brought_back(
    tmp_path: Path, two_versions: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "studies"
    shutil.copytree(two_versions[0], root)
    before = {file.name: file.read_bytes() for file in (root / "TRIAL").iterdir()}
    for expected in ([40, 41], [41, 40]):
        assert main(["--restore", "TRIAL", "--root", str(root)]) == 0
        assert settled(root) == expected
    assert {file.name: file.read_bytes() for file in (root / "TRIAL").iterdir()} == before
    capsys.readouterr()
    assert main(["--restore", "OTHER", "--root", str(root)]) == 1
    assert "no earlier version of OTHER is kept" in capsys.readouterr().err
    assert settled(root) == [41, 40]


@pytest.mark.parametrize("size", [0, 5_000, 100_000])
def test_no_room_on_the_disk(tmp_path: Path, size: int) -> None:
    """No file may grow beyond a size: what a full disk does, at several places."""
    root = tmp_path / "studies"
    sources = {n: deliver(tmp_path / str(n), version(n)) for n in (41, 42)}
    assert ingest(sources[41], root).ok

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    process = subprocess.run(
        [*IMPORT, str(sources[42]), "--root", str(root)],
        cwd=REPOSITORY,
        preexec_fn=limited,
        capture_output=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert not process.stderr, process.stderr.decode()
    # The study's own files are smaller than the last of the sizes.
    assert process.returncode == (1 if size < 100_000 else 0)
    assert settled(root) == ([41] if process.returncode else [42, 41])


def test_one_import_at_a_time(tmp_path: Path) -> None:
    root = tmp_path / "studies"
    source = deliver(tmp_path / "in", version(41))
    with versions.workshop(root):
        report = ingest(source, root)
    assert [error.rule for error in report.of("error")] == ["another import is running"]
    assert ingest(source, root).ok


def test_a_study_that_is_a_link_is_replaced(tmp_path: Path) -> None:
    root = tmp_path / "studies"
    sources = {n: deliver(tmp_path / str(n), version(n)) for n in (41, 42)}
    assert ingest(sources[41], root).ok
    (root / "TRIAL").rename(tmp_path / "elsewhere")
    (root / "TRIAL").symlink_to(tmp_path / "elsewhere")
    assert ingest(sources[42], root, replacing=AGREED).ok
    assert settled(root) == [42]
    assert not (root / "TRIAL").is_symlink()
    assert version_in(tmp_path / "elsewhere") == 41
