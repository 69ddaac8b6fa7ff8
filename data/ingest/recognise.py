"""Which dataset a file is: by its variables, and by its name only where they do not decide.

The ADaM Implementation Guide tells datasets apart by structure: ADSL has one row per patient with
treatment variables, occurrence data (OCCDS) a coded term, basic data structure (BDS) a PARAMCD.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

# Variables that no SDTM domain has.
ADAM_ONLY = {"TRTA", "TRTP", "TRT01A", "TRT01P", "TRTEMFL", "PARAMCD", "SAFFL", "TRTSDT"}
_LABORATORY = {
    "LBSEQ", "LBTESTCD", "LBTEST", "LBCAT", "LBSTRESN", "LBSTRESC", "LBNRIND", "LBORRES",
    "A1LO", "A1HI", "ANRIND", "BNRIND", "ATOXGR", "R2A1HI", "LBSTRESU", "SHIFT1",
}  # fmt: skip
_OTHER_FINDINGS = {
    "VSTESTCD": "vital signs", "VSTEST": "vital signs", "VSSEQ": "vital signs",
    "EGTESTCD": "electrocardiograms", "EGSEQ": "electrocardiograms",
    "QSTESTCD": "questionnaires", "QSSEQ": "questionnaires",
    "PCTESTCD": "concentrations", "PCSEQ": "concentrations",
}  # fmt: skip


@dataclass(frozen=True)
class Recognised:
    """Which dataset a file is (empty where the app does not use it), and why."""

    dataset: str
    why: str


def recognise(name: str, variables: Collection[str]) -> Recognised:
    """The dataset of a file.

    name: the dataset's own name, or else the file's. variables: names of its columns, in any case.
    """
    held = {variable.upper() for variable in variables}
    stem = name.rsplit("/", 1)[-1].split(".")[0].upper()
    if "DOMAIN" in held and not ADAM_ONLY & held:
        return Recognised("", "an SDTM domain (has DOMAIN); the app reads ADaM")
    if "CNSR" in held and "PARAMCD" in held:
        return Recognised("ADTTE", "has PARAMCD and CNSR")
    if {"EXTRT", "EXDOSE"} & held:
        return Recognised("ADEX", _with("EXTRT or EXDOSE", held, "EXTRT", "EXDOSE"))
    if "PARAMCD" in held or "LBTESTCD" in held:
        return _measurements(stem, held)
    if {"AEDECOD", "AETERM"} & held:
        return Recognised("ADAE", _with("a reported term", held, "AEDECOD", "AETERM"))
    if {"CMDECOD", "CMTRT"} & held:
        return Recognised("ADCM", _with("a medication", held, "CMDECOD", "CMTRT"))
    treatment = {"TRT01P", "TRT01A", "ARM", "ACTARM"} & held
    about = {"SAFFL", "AGE", "SEX", "TRTSDT", "RFSTDTC", "ITTFL", "RANDFL"} & held
    if treatment and about and not any(variable.endswith("SEQ") for variable in held):
        return Recognised("ADSL", f"has {min(treatment)} and {min(about)}, and no sequence number")
    if stem in ("ADSL", "ADAE", "ADCM", "ADEX"):
        return Recognised(stem, "by its name; its variables do not decide")
    return Recognised("", "not recognised by its variables")


def _with(what: str, held: set[str], *names: str) -> str:
    return f"has {what} ({', '.join(name for name in names if name in held)})"


def _measurements(stem: str, held: set[str]) -> Recognised:
    """A dataset of measurements: laboratory, response, or one the app has no use for."""
    laboratory = sorted(_LABORATORY & held)
    other = sorted(set(_OTHER_FINDINGS) & held)
    if re.match(r"AD(LB|LAB|HEM|CHEM)", stem):
        return Recognised("ADLB", f"has PARAMCD and is named {stem}")
    if re.match(r"AD(RS|RESP)", stem) or {"RSSEQ", "RSTESTCD"} & held:
        return Recognised(
            "ADRS", "has PARAMCD, and the name or the variables of a response dataset"
        )
    if other:
        return Recognised("", f"{_OTHER_FINDINGS[other[0]]} (has {other[0]})")
    if any(variable.startswith("LB") for variable in laboratory):
        return Recognised("ADLB", f"has PARAMCD and {laboratory[0]}")
    if len(laboratory) > 1 and not stem.startswith(("ADVS", "ADEG", "ADQS", "ADPC")):
        return Recognised("ADLB", f"has PARAMCD and {', '.join(laboratory[:2])}")
    return Recognised("", "measurements, but no variable marks them as laboratory data")
