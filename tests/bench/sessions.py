"""Many readers at once: sessions like those of a browser, which all click at the same time."""

from __future__ import annotations

import threading
import time
from statistics import median, quantiles

from tests.browser.conftest import served
from tests.support.session import session

PAGE = "platelet_time_course"

# Selections the sessions ask for in turn: the first round computes them, later ones are cached.
ASKED = ("", "dose=0.5", "dose=1.0", "dose=2.0", "phase=Dose%20escalation", "sex=F", "age=35-50")
ROUNDS = 4


def measure() -> list[list[str]]:
    """One row per number of sessions: median, 95th percentile and slowest answer in ms."""
    with served() as address:
        return [[str(count), *_row(address, count)] for count in (1, 10, 50)]


def _row(address: str, count: int) -> list[str]:
    waited: list[float] = []
    gate = threading.Barrier(count)
    readers = [
        threading.Thread(target=_reader, args=(address, index, gate, waited))
        for index in range(count)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    last = quantiles(waited, n=20)[-1]
    return [f"{median(waited):.0f}", f"{last:.0f}", f"{max(waited):.0f}"]


def _reader(address: str, index: int, gate: threading.Barrier, waited: list[float]) -> None:
    with session(address) as reader:
        reader.open(PAGE)
        for turn in range(ROUNDS):
            gate.wait(timeout=120)
            began = time.perf_counter()
            reader.open(PAGE, ASKED[(index + turn) % len(ASKED)])
            if turn:
                waited.append(1000 * (time.perf_counter() - began))
