"""Every dataset that the application reads, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from data.contract.endpoints import ADRS, ADTTE
from data.contract.events import ADAE
from data.contract.laboratory import ADLB
from data.contract.shape import Dataset
from data.contract.subjects import ADSL
from data.contract.therapy import ADCM, ADEX

DATASETS: Final[Mapping[str, Dataset]] = {
    d.name: d for d in (ADSL, ADLB, ADAE, ADEX, ADCM, ADTTE, ADRS)
}
