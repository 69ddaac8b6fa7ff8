"""A crash, a full disk or a kill at any moment leaves the old version or the new one."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.ingest import ingest, write
from data.study import load, studies
from tests.support.trial import Rows, adae, adlb, adsl, deliver

REPOSITORY = Path(__file__).parents[3]


def version(number: int) -> dict[str, Rows]:
    """The trial with every patient's age, and every platelet count, saying which version it is."""
    return {
        "adsl": [row | {"AGE": number} for row in adsl()],
        "adlb": [row | {"AVAL": float(number)} for row in adlb()],
        "adae": [row | {"AETERM": str(number)} for row in adae()],
    }


def held(root: Path) -> int:
    """Which version a study is; fails if its files are of different ones."""
    assert list(studies(root)) == ["TRIAL"]
    folder = root / "TRIAL"
    load(folder)
    ages = set(pq.read_table(folder / "adsl.parquet").column("AGE").to_pylist())
    values = set(pq.read_table(folder / "adlb.parquet").column("AVAL").to_pylist())
    terms = set(pq.read_table(folder / "adae.parquet").column("AETERM").to_pylist())
    assert len(ages) == len(values) == len(terms) == 1
    (age,) = ages
    assert values == {float(age)}
    assert terms == {str(age)}
    return int(age)


def start(source: Path, root: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "data.ingest", str(source), "--root", str(root), "--quiet"],
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
        now = held(root)
        assert now in ((current, other) if was_killed else (other,))
        killed += was_killed
        finished += now == other
        current = now
    assert killed
    # What the killed ones left is cleared away by the next.
    assert start(sources[41], root).wait() == 0
    assert held(root) == 41
    assert [path.name for path in root.iterdir()] == ["TRIAL"]


SUICIDE = """
import os, shutil, sys
from pathlib import Path
from data.ingest import ingest, write

def last(module, name, when):
    function = getattr(module, name)
    def run(*a, **k):
        if when == "after":
            function(*a, **k)
        os._exit(9)
    setattr(module, name, run)

swap = write.swap_in
def armed(made, study):
    last({"write": write, "shutil": shutil}[sys.argv[3]], sys.argv[4], sys.argv[5])
    swap(made, study)

write.swap_in = armed
ingest(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    ("step", "version_after"),
    [("write _exchange before", 41), ("write _exchange after", 42), ("shutil rmtree after", 42)],
)
def test_killed_at_each_step_of_the_swap(tmp_path: Path, step: str, version_after: int) -> None:
    """The process ends itself right before or right after a step of the swap."""
    root = tmp_path / "studies"
    for n in (41, 42):
        deliver(tmp_path / str(n), version(n))
    assert ingest(tmp_path / "41", root).ok
    process = subprocess.run(
        [sys.executable, "-c", SUICIDE, str(tmp_path / "42"), str(root), *step.split()],
        cwd=REPOSITORY,
    )
    assert process.returncode == 9
    assert held(root) == version_after


def test_without_an_exchange_the_next_import_puts_it_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "studies"
    sources = {n: deliver(tmp_path / str(n), version(n)) for n in (41, 42)}
    assert ingest(sources[41], root).ok
    monkeypatch.setattr(write, "_exchange", lambda *_: False)
    assert ingest(sources[42], root).ok
    assert held(root) == 42
    # As if killed between moving the old one away and the new one in.
    aside = root / write.ASIDE
    aside.mkdir()
    (root / "TRIAL").rename(aside / "former-TRIAL")
    assert not ingest(tmp_path / "nothing", root).ok
    assert held(root) == 42
    assert [path.name for path in root.iterdir()] == ["TRIAL"]


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
        [sys.executable, "-m", "data.ingest", str(sources[42]), "--root", str(root), "--quiet"],
        cwd=REPOSITORY,
        preexec_fn=limited,
        capture_output=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert not process.stderr, process.stderr.decode()
    # The study's own files are smaller than the last of the sizes.
    assert process.returncode == (1 if size < 100_000 else 0)
    assert held(root) == (41 if process.returncode else 42)
    assert [path.name for path in root.iterdir()] == ["TRIAL"]


def test_one_import_at_a_time(tmp_path: Path) -> None:
    root = tmp_path / "studies"
    source = deliver(tmp_path / "in", version(41))
    with write.workshop(root):
        report = ingest(source, root)
    assert [error.rule for error in report.of("error")] == ["another import is running"]
    assert ingest(source, root).ok


def test_a_study_that_is_a_link_is_replaced(tmp_path: Path) -> None:
    root = tmp_path / "studies"
    sources = {n: deliver(tmp_path / str(n), version(n)) for n in (41, 42)}
    assert ingest(sources[41], root).ok
    (root / "TRIAL").rename(tmp_path / "elsewhere")
    (root / "TRIAL").symlink_to(tmp_path / "elsewhere")
    assert ingest(sources[42], root).ok
    assert held(root) == 42
    assert not (root / "TRIAL").is_symlink()
