"""Pictures by the real Chromium: their size and ground, their time limit, and what goes wrong."""

from __future__ import annotations

import asyncio
import gc
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import plotly.graph_objects as go
import pytest
from PIL import Image

from components import render
from components.build import build
from components.render import RenderError, picture
from data.study import Study
from queries.catalogue import open_study
from tests.support.hostile import HARM, hostile_study

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"

# On one test worker, so that the file has a Chromium to itself.
pytestmark = pytest.mark.xdist_group("pictures")


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    """Close Chromium when the file is done."""
    yield
    render.close()


@pytest.fixture(scope="module")
def figure(embedded: Study) -> go.Figure:
    """A figure with many marks."""
    return build(embedded, "platelet_time_course", None, {"statistic": "median"}).figure


def image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def svg(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - made here


def words(root: ET.Element) -> str:
    """The texts of an SVG in their order."""
    return " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))


def browsers() -> set[int]:
    """The processes of Chromium that were started here: those of pictures, and a test browser's."""
    parents, named = {}, set()
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            process, rest = file.read_text(encoding="utf-8").split(" (", 1)
        except OSError:  # ended meanwhile
            continue
        name, state = rest.rsplit(") ", 1)
        parents[int(process)] = int(state.split()[1])
        if "chrom" in name and not state.startswith("Z"):
            named.add(int(process))

    def is_ours(process: int) -> bool:
        while process in parents and process != os.getpid():
            process = parents[process]
        return process == os.getpid()

    return set(filter(is_ours, named))


def test_a_png_is_3840_by_2160_and_white(figure: go.Figure) -> None:
    taken = image(picture(figure)).convert("RGB")
    assert taken.size == (3840, 2160)
    corners = [(0, 0), (3839, 0), (0, 2159), (3839, 2159)]
    assert {taken.getpixel(at) for at in corners} == {(255, 255, 255)}
    colours = taken.resize((960, 540)).getcolors(960 * 540)
    assert colours is not None
    assert max(colours)[1] == (255, 255, 255)
    assert len(colours) > 50


def test_an_svg_has_the_same_proportions_and_its_words_are_text(
    embedded: Study, figure: go.Figure
) -> None:
    root = svg(picture(figure, "svg"))
    assert float(root.attrib["width"]) * 9 == float(root.attrib["height"]) * 16
    drawn_text = words(root)
    assert "Platelets: count over time" in drawn_text
    assert "18 of 18 patients" in drawn_text
    assert f"{embedded.simulated}." in drawn_text


def test_the_same_figure_gives_the_same_picture_and_stays_as_it_is(figure: go.Figure) -> None:
    before = figure.to_json()
    one, other = (picture(figure, "svg") for _ in range(2))
    assert words(svg(one)) == words(svg(other))
    assert figure.to_json() == before


def test_pictures_asked_for_at_once_are_each_their_own(embedded: Study) -> None:
    names = ["key_results", "dose_grid", "baseline", "patient_flow"] * 2
    figures = [build(embedded, name).figure for name in names]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda one: picture(one, "svg"), figures))
    for name, data in zip(names, taken, strict=True):
        assert build(embedded, name).title in words(svg(data))


def test_a_picture_can_be_taken_inside_a_running_event_loop(figure: go.Figure) -> None:
    async def inside() -> bytes:
        return picture(figure, "svg")

    # In a thread: where browser tests ran before, Playwright's loop still runs in this one.
    with ThreadPoolExecutor(1) as pool:
        taken = pool.submit(lambda: asyncio.run(inside())).result()
    assert svg(taken).tag == f"{SVG}svg"


def test_the_time_limit_is_reported_and_the_next_picture_works(figure: go.Figure) -> None:
    picture(figure, "svg")
    with pytest.raises(RenderError, match=r"not ready within 0\.001 seconds; try again"):
        picture(figure, seconds=0.001)
    assert svg(picture(figure, "svg")).tag == f"{SVG}svg"


def test_after_closing_no_chromium_is_left(figure: go.Figure) -> None:
    render.close()
    others = browsers()
    picture(figure, "svg")
    processes = browsers() - others
    assert processes
    render.close()
    assert have_ended(processes)


def test_a_chromium_that_starts_too_slowly_is_reported_and_the_next_picture_works(
    figure: go.Figure,
) -> None:
    render.close()
    with pytest.raises(RenderError, match="Chromium did not start"):
        picture(figure, seconds=0.001)
    assert svg(picture(figure, "svg")).tag == f"{SVG}svg"


def signalled(others: set[int], kind: signal.Signals) -> set[int]:
    """The processes of the Chromium that takes pictures, each sent a signal."""
    processes = browsers() - others
    assert processes
    for process in processes:
        os.kill(process, kind)
    return processes


def is_running(process: int) -> bool:
    """Whether a process is there, wherever its parent went, and not only its exit status."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return not stat.rsplit(") ", 1)[1].startswith("Z")


def have_ended(processes: set[int], seconds: float = 15) -> bool:
    """Whether none of the processes is left within the seconds."""
    deadline = time.monotonic() + seconds
    while any(map(is_running, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(is_running, processes))


def test_after_a_chromium_that_died_the_next_picture_works(
    figure: go.Figure, caplog: pytest.LogCaptureFixture
) -> None:
    render.close()
    others = browsers()
    picture(figure, "svg")
    assert have_ended(signalled(others, signal.SIGKILL))
    # Either its end is noticed in time and another one draws the picture, or the error says so.
    with suppress(RenderError):
        picture(figure, "svg", seconds=20)
    assert svg(picture(figure, "svg")).tag == f"{SVG}svg"
    gc.collect()  # asyncio logs the error of a task when nobody can await it any more
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


def test_a_chromium_that_hangs_is_killed_and_the_next_picture_works(figure: go.Figure) -> None:
    render.close()
    others = browsers()
    picture(figure, "svg")
    hanging = signalled(others, signal.SIGSTOP)
    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(picture, figure, "svg", seconds=3)
        time.sleep(0.5)
        second = pool.submit(picture, figure, "svg", seconds=1)  # waits for the first one
        for asked in (second, first):
            with pytest.raises(RenderError, match=r"not ready within . seconds; try again"):
                asked.result()
    assert time.monotonic() - started < 6
    assert svg(picture(figure, "svg")).tag == f"{SVG}svg"
    assert have_ended(hanging)


TAKES_A_PICTURE = """
import sys
import plotly.graph_objects as go
from components.render import picture
picture(go.Figure(), "svg")
print("taken", flush=True)
sys.stdin.readline()
if sys.argv[1] == "error":
    raise RuntimeError
"""


WAYS = ("exit", "error", "SIGTERM", "SIGINT", "SIGKILL")


def test_however_the_program_ends_no_chromium_is_left() -> None:
    """The five programs run side by side, since each takes seconds to start a Chromium."""
    others = browsers()
    programs = {
        way: subprocess.Popen(
            [sys.executable, "-c", TAKES_A_PICTURE, way],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for way in WAYS
    }
    for program in programs.values():
        assert program.stdout is not None
        assert program.stdout.readline() == "taken\n"
    processes = browsers() - others
    assert len(processes) >= len(WAYS)
    for way, program in programs.items():
        if way.startswith("SIG"):
            program.send_signal(signal.Signals[way])
        program.communicate("\n", timeout=30)
    assert have_ended(processes)


def test_without_a_browser_it_says_what_to_do(
    figure: go.Figure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert render.browser() is None
    with pytest.raises(RenderError) as caught:
        picture(figure)
    message = str(caught.value)
    assert "No Chromium or Chrome is installed" in message
    assert "apt-get install chromium" in message
    assert "camera" in message


def test_a_browser_that_does_not_start_is_reported(
    figure: go.Figure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    render.close()
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    started = time.monotonic()
    with pytest.raises(RenderError, match=r"Chromium did not start: .*close immediately"):
        picture(figure, "svg", seconds=5)
    assert time.monotonic() - started < 15
    monkeypatch.undo()
    render.close()
    assert svg(picture(figure, "svg")).tag == f"{SVG}svg"


@pytest.mark.parametrize(
    "name", ["platelet_time_course", "adverse_events", "response_rate", "dose_grid", "key_results"]
)
def test_text_that_means_harm_is_drawn_as_it_was_written(tmp_path: Path, name: str) -> None:
    study = open_study(hostile_study(tmp_path / "HOSTILE"))
    root = svg(picture(build(study, name).figure, "svg"))
    drawn_text = words(root)
    assert HARM in drawn_text
    assert "<i>act</i>" in drawn_text
    links = [element.get(LINK) or element.get("href") for element in root.iter()]
    assert not [link for link in links if link and "example.org" in link]
    assert not list(root.iter(f"{SVG}a"))
