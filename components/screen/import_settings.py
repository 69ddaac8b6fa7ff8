"""The settings of a study that an import would make, as fields and tables to be corrected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

import pandas as pd
import streamlit as st

from components.screen.editing import UnusableError, cell_text, edited
from components.screen.proposal import LABELLED, Arm, Proposal
from data.ingest.corrections import ByValue, Correction, Setting, Source, arms

NONE = "(none)"


def names_table(study: Proposal, key: str) -> Iterator[Correction]:
    """Name and title."""
    for path, label, before in (("name", "Name", study.name), ("title", "Title", study.title)):
        after = st.text_input(label, before, key=f"{key}-{path}", max_chars=300).strip()
        if after and after != before:
            yield Setting((path,), after)


def arms_table(study: Proposal, key: str) -> Iterator[Correction]:
    """The order and the dose of each arm."""
    st.caption("Arms are drawn in the order of these numbers.")
    rows = pd.DataFrame(
        {
            "Arm": [arm.name for arm in study.arms],
            "Patients": [arm.patients for arm in study.arms],
            "Order": [_place(arm, nth) for nth, arm in enumerate(study.arms, start=1)],
            "Dose": pd.Series([arm.dose for arm in study.arms], dtype="float64"),
        }
    )
    number = st.column_config.NumberColumn
    edits = edited(
        rows, key, "Arms and doses", Order=number(required=True), Dose=number(min_value=0)
    )
    unit = st.text_input("Dose unit", study.dose_unit, key=f"{key}-unit", max_chars=40).strip()
    now = {old["Arm"]: new for old, new in edits}
    lines = [now.get(old["Arm"], old) for old in rows.to_dict("records")]
    is_moved = any(old["Order"] != new["Order"] for old, new in edits)
    is_dosed = any(cell_text(old["Dose"]) != cell_text(new["Dose"]) for old, new in edits)
    places = {line["Arm"]: float(line["Order"]) for line in lines}
    doses = {line["Arm"]: float(line["Dose"]) for line in lines if cell_text(line["Dose"])}
    if is_moved and len(set(places.values())) < len(places):
        raise UnusableError("Arms and doses: two arms have the same number in the order.")
    yield from arms(
        study.arm_variable,
        study.arm_order,
        places if is_moved else {},
        doses if is_dosed else {},
        unit,
    )
    if unit != study.dose_unit and not is_dosed:
        yield Source("ADSL", "DOSE01U", value=unit)


def _place(arm: Arm, nth: int) -> float:
    return float(nth) if arm.place is None else arm.place


def laboratory_table(study: Proposal, key: str) -> Iterator[Correction]:
    """Which parameter is the platelet count, and where reference lines are drawn."""
    names = dict(study.parameters)
    codes = list(names)
    chosen = st.selectbox(
        "Platelet count",
        codes,
        codes.index(study.parameter) if study.parameter in codes else None,
        key=f"{key}-parameter",
        format_func=lambda code: f"{code}: {names[code]}",
    )
    if chosen and chosen != study.parameter:
        yield Setting(("laboratory", "parameter"), chosen)
    before = ", ".join(f"{line:g}" for line in study.reference_lines)
    after = st.text_input(
        "Reference lines, 10^9/L",
        before,
        key=f"{key}-lines",
        placeholder="30, 50",
        help="Where dashed lines are drawn, in ascending order.",
    )
    if after.strip() != before:
        yield Setting(("laboratory", "reference_lines"), _numbers("Reference lines", after))


def _numbers(what: str, text: str) -> list[float]:
    """The numbers of a text such as "30, 50"."""
    try:
        return [float(part) for part in re.split(r"[,;\s]+", text.strip()) if part]
    except ValueError:
        raise UnusableError(f"{what}: {text!r} is not a list of numbers such as 30, 50.") from None


def response_table(study: Proposal, key: str) -> Iterator[Correction]:
    """The response definition and its window; without one there is no response figure."""
    labels = dict(study.definitions)
    before = study.response
    choices = [NONE, *labels]
    chosen = st.selectbox(
        "Definition shown first",
        choices,
        choices.index(before.default) if before else 0,
        key=f"{key}-definition",
        format_func=lambda code: labels.get(code, "No response figure"),
    )
    first_column, last_column = st.columns(2)
    first = first_column.number_input(
        "First study day that counts", -3650, 36500, before.first_day if before else 2,
        key=f"{key}-first",
    )  # fmt: skip
    last = last_column.number_input(
        "Last study day that counts", -3650, 36500, before.last_day if before else 183,
        key=f"{key}-last",
    )  # fmt: skip
    if chosen == NONE:
        if before:
            yield Setting(("response",), None)
        return
    after = {"default": chosen, "first_day": int(first), "last_day": int(last)}
    for name, value in after.items():
        if before is None or getattr(before, name) != value:
            yield Setting(("response", name), value)


def rescue_table(study: Proposal, key: str) -> Iterator[Correction]:
    """Which medications are rescue therapy, and for how long they matter."""
    patients = {medication.name: medication.patients for medication in study.medications}
    before = [medication.name for medication in study.medications if medication.is_rescue]
    after = st.multiselect(
        "Medications that are rescue therapy",
        list(patients),
        before,
        key=f"{key}-medications",
        format_func=lambda name: f"{name} · {patients[name]}",
        help="The number is that of patients who had it.",
    )
    if set(after) != set(before):
        yield ByValue("ADCM", "RESCFL", "CMDECOD", tuple((name, "Y") for name in after), "N")
    days = st.number_input(
        "Days after rescue therapy in which counts do not count as response",
        0, 3650, study.rescue_days, key=f"{key}-days",
    )  # fmt: skip
    if days != study.rescue_days:
        yield Setting(("laboratory", "rescue_days"), int(days))


def labels_table(study: Proposal, key: str) -> Iterator[Correction]:
    """The labels of groups, filters and rows of the baseline table, and their units."""
    st.caption("What readers see beside the filters, in the legends and in the baseline table.")
    entries = [
        (part, nth, entry)
        for part in LABELLED
        for nth, entry in enumerate(study.settings.get(part, ()))
    ]
    rows = pd.DataFrame(
        {
            "Where": [LABELLED[part] for part, _, _ in entries],
            "Variable": [entry["variable"] for _, _, entry in entries],
            "Label": [entry["label"] for _, _, entry in entries],
            "Unit": [entry.get("unit", "") for _, _, entry in entries],
        }
    )
    text = st.column_config.TextColumn
    frame = st.data_editor(
        rows,
        key=key,
        alt="Labels and units",
        hide_index=True,
        disabled=["Where", "Variable"],
        column_config={"Label": text(required=True), "Unit": text()},
    )
    lists = {part: deepcopy(list(study.settings.get(part, ()))) for part in LABELLED}
    for (part, nth, entry), row in zip(entries, frame.to_dict("records"), strict=True):
        label, unit = cell_text(row["Label"]), cell_text(row["Unit"])
        if label and label != entry["label"]:
            lists[part][nth]["label"] = label
        if unit != entry.get("unit", ""):
            if part == "baseline":
                raise UnusableError(
                    f"Labels and units: write the unit of {entry['variable']} into its label."
                )
            lists[part][nth]["unit"] = unit
    for part, changed in lists.items():
        if changed != study.settings.get(part, []):
            yield Setting((part,), changed)
