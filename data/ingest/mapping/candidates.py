"""Which variables of a file are read, and which of them may fill a variable of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from data.contract import DATASETS
from data.ingest.settings import Settings

CANDIDATES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "ADSL": {
        "SUBJID": ("SUBJID", "SUBJECT"),
        "SITEID": ("SITEID", "SITE"),
        "AGE": ("AGE", "AAGE"),
        "ARM": ("ARM", "ACTARM"),
        "EFFFL": ("EFFFL", "EFFICFL"),
        "PPROTFL": ("PPROTFL", "PPFL", "PERPROTFL"),
        "DCSREAS": ("DCSREAS", "DCREASCD", "DCSREASP"),
    },
    "ADLB": {
        "PARAMCD": ("PARAMCD", "LBTESTCD"),
        "PARAM": ("PARAM", "LBTEST"),
        "AVAL": ("AVAL", "LBSTRESN"),
        "AVALC": ("AVALC", "LBSTRESC"),
        "AVALU": ("AVALU", "LBSTRESU"),
        "AVISIT": ("AVISIT", "VISIT"),
        "AVISITN": ("AVISITN", "VISITNUM"),
        "ADY": ("ADY", "LBDY"),
        "ADT": ("ADT", "LBDT", "LBDTC"),
        "ABLFL": ("ABLFL", "LBBLFL"),
        "ANRIND": ("ANRIND", "LBNRIND"),
    },
    "ADAE": {
        "AESEQ": ("AESEQ", "ASEQ"),
        "AEBODSYS": ("AEBODSYS", "AESOC"),
        "AETOXGR": ("AETOXGR", "AETOXGRN", "ATOXGR", "ATOXGRN"),
        "AESEV": ("AESEV", "ASEV"),
        "AEREL": ("AEREL", "AREL"),
        "TRTEMFL": ("TRTEMFL", "AETRTEM"),
        "ASTDY": ("ASTDY", "AESTDY"),
        "AENDY": ("AENDY", "AEENDY"),
        "ASTDT": ("ASTDT", "AESTDTC"),
        "AENDT": ("AENDT", "AEENDTC"),
    },
    "ADEX": {
        "EXSEQ": ("EXSEQ", "ASEQ"),
        "ASTDY": ("ASTDY", "EXSTDY", "ADY"),
        "AENDY": ("AENDY", "EXENDY"),
        "ASTDT": ("ASTDT", "EXSTDTC", "ADT"),
        "AVISIT": ("AVISIT", "VISIT"),
        "AVISITN": ("AVISITN", "VISITNUM"),
    },
    "ADCM": {
        "CMSEQ": ("CMSEQ", "ASEQ"),
        "CMDECOD": ("CMDECOD", "CMTRT"),
        "ASTDY": ("ASTDY", "CMSTDY"),
        "AENDY": ("AENDY", "CMENDY"),
        "ASTDT": ("ASTDT", "CMSTDTC"),
        "AENDT": ("AENDT", "CMENDTC"),
    },
    "ADRS": {"AVISIT": ("AVISIT", "VISIT"), "AVISITN": ("AVISITN", "VISITNUM")},
}
"""Where a variable may come from, in order of preference; from its own name if not listed."""

ALSO_READ: Final[Mapping[str, tuple[str, ...]]] = {
    "ADLB": (
        "TRTSDT", "ADTM", "ATM", "LBDTC", "LBREFID", "LBSPID", "LBGRPID", "LBSPEC", "LBMETHOD",
        "LBFAST", "LBCAT", "LBSCAT", "SRCDOM", "SRCSEQ", "CRIT1", "APERIOD",
    ),
    "ADAE": ("TRTSDT", "TRTEDT", "APERIOD"),
    "ADEX": ("TRTSDT", "PARAMCD", "AVAL"),
    "ADCM": ("TRTSDT",),
    "ADRS": ("TRTSDT",),
}  # fmt: skip
"""Variables read besides the candidates: a rule needs them, or they tell records apart."""

_FLAG = re.compile(r"[A-Z0-9]{1,6}FL")


def candidates(dataset: str, variable: str) -> tuple[str, ...]:
    """The source variables that may fill a variable, in order of preference."""
    return CANDIDATES.get(dataset, {}).get(variable, (variable,))


def is_flag(variable: str) -> bool:
    """Whether a name is that of a flag, of which all are kept."""
    return _FLAG.fullmatch(variable) is not None


def used(dataset: str, available: Iterable[str], settings: Settings) -> list[str]:
    """The columns of a file that are used: all of ADSL; of others those that a rule names."""
    if dataset == "ADSL":
        return list(available)
    declared = {name for v in DATASETS[dataset].variables for name in candidates(dataset, v.name)}
    known = declared | settings.columns(dataset) | set(ALSO_READ.get(dataset, ()))
    return [name for name in available if name in known or is_flag(name)]
