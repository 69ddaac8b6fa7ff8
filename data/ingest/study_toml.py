"""The `study.toml` of an imported study: groups, filters, sets and rows that the data can fill.

Whatever the map (--map) sets takes the place of what is derived here; lists as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.contract import ADSL
from data.ingest import events
from data.ingest.stage import quoted, text
from data.ingest.subjects import arms
from data.ingest.work import Work

CHOICES_LIMIT = 20
"""A variable with more values than this is no filter by choice."""

_SETS = (
    ("SAFFL", "safety", "Treated patients", "every patient with at least one dose (SAFFL)"),
    ("ITTFL", "itt", "Intention-to-treat set", "every patient randomised (ITTFL)"),
    ("RANDFL", "randomised", "Randomised patients", "every patient randomised (RANDFL)"),
    ("FASFL", "full", "Full analysis set", "as the sponsor flags it (FASFL)"),
    ("EFFFL", "efficacy", "Efficacy population", "as the sponsor flags it (EFFFL)"),
    ("PPROTFL", "per-protocol", "Per-protocol set", "as the sponsor flags it (PPROTFL)"),
)  # fmt: skip

_YES_NO = {"Y": "Yes", "N": "No"}

_FILTERS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("cohort", "Cohort", "COHORT", {"order": "COHORTN"}),
    ("dose", "Dose", "DOSE01A", {}),
    ("phase", "Phase", "PHASE", {"order": "PHASEN"}),
    ("arm", "Arm", "", {}),
    ("sex", "Sex", "SEX", {"values": {"F": "Female", "M": "Male", "U": "Unknown"}}),
    ("age", "Age", "AGE", {"kind": "range", "unit": "years"}),
    ("race", "Race", "RACE", {}),
    ("ethnicity", "Ethnicity", "ETHNIC", {}),
    ("country", "Country", "COUNTRY", {}),
    ("weight", "Weight", "WEIGHTBL", {"kind": "range", "unit": "kg"}),
    ("splenectomy", "Prior splenectomy", "SPLENFL", {"values": _YES_NO}),
    ("rituximab", "Prior rituximab", "RITUXFL", {"values": _YES_NO}),
    ("autoantibody", "Autoantibody", "ANTIBODY", {}),
)

_ROWS = (
    ("Age, years", "AGE", "number", ""),
    ("Female", "SEX", "flag", "F"),
    ("Race", "RACE", "category", ""),
    ("Ethnicity", "ETHNIC", "category", ""),
    ("Height, cm", "HEIGHTBL", "number", ""),
    ("Weight, kg", "WEIGHTBL", "number", ""),
    ("Body mass index, kg/m^2", "BMIBL", "number", ""),
    ("ITP duration, months", "ITPDUR", "number", ""),
    ("Platelet count, 10^9/L", "BLPLAT", "number", ""),
    ("Prior ITP therapies", "NPRIOR", "number", ""),
    ("Five or more prior therapies", "PRIOR5FL", "flag", "Y"),
    ("Prior splenectomy", "SPLENFL", "flag", "Y"),
    ("Prior rituximab", "RITUXFL", "flag", "Y"),
    ("Platelet autoantibody", "ANTIBODY", "category", ""),
)


def content(work: Work, study: str, parameter: str, imported: str, source: str) -> dict[str, Any]:
    """The content of `study.toml` of an imported study.

    parameter: PARAMCD of the platelet count, or "". imported: the time, ISO 8601. source: the
    name of what was imported.
    """
    arm, arm_order, _ = arms.treatment(work)
    unit = _one(work, "DOSE01U")
    toml: dict[str, Any] = {
        "STUDYID": study,
        "name": study,
        "title": f"Study {study}",
        "data_cut": f"as imported on {imported[:10]}",
    }
    if unit:
        toml["treatment"] = {"dose_unit": unit}
    toml["provenance"] = {
        "imported": imported,
        "source": source,
        "manifest": "manifest.json",
        "report": "report.json",
    }
    if parameter:
        toml["laboratory"] = {"parameter": parameter}
    elif work.exists("ADLB"):
        first = work.rows("select min(PARAMCD) from ADLB where AVAL is not null")[0][0]
        toml["laboratory"] = {"parameter": str(first)} if first else {}
    if work.exists("ADAE"):
        toml["adverse_events"] = {
            "related": list(events.related(work)),
            "scale": events.scale(work),
        }
    if cohorts := _cohorts(work):
        toml["cohort"] = cohorts
    toml["group"] = _groups(work, arm, arm_order, unit)
    toml["filter"] = _filters(work, arm, arm_order, unit)
    toml["analysis_set"] = _sets(work)
    toml["baseline"] = [
        {"label": label, "variable": variable, "kind": kind} | ({"value": value} if value else {})
        for label, variable, kind, value in _ROWS
        if work.count("ADSL", f"SAFFL = 'Y' and {variable} is not null")
    ]
    toml["flow"] = _flow(work)
    return merged(toml, work.settings.toml)


def merged(derived: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Derived values with settings in their place; tables are merged, lists replaced."""
    result = dict(derived)
    for key, value in settings.items():
        before = result.get(key)
        both = isinstance(before, Mapping) and isinstance(value, Mapping)
        result[key] = merged(before, value) if both else value  # type: ignore[arg-type]
    return result


def _one(work: Work, variable: str) -> str:
    """The only value of a variable among treated patients, or ""."""
    values = work.rows(
        f"select distinct {variable} from ADSL where SAFFL = 'Y' and {variable} is not null"
    )
    return str(values[0][0]) if len(values) == 1 else ""


def _varies(work: Work, variable: str, limit: int = CHOICES_LIMIT) -> bool:
    """Whether treated patients have at least two values of a variable, and not too many."""
    values = work.rows(
        f"select count(distinct {variable}) from ADSL where SAFFL = 'Y' and {variable} is not null"
    )
    return 2 <= int(str(values[0][0])) <= limit


def _cohorts(work: Work) -> list[dict[str, Any]]:
    return [
        {"COHORT": str(cohort)}
        | ({"dose": float(str(dose))} if dose is not None else {})
        | ({"phase": str(phase)} if phase is not None else {})
        for cohort, dose, phase in work.rows(
            "select COHORT, if(count(distinct DOSE01A) = 1, any_value(DOSE01A), null), "
            "if(count(distinct PHASE) = 1, any_value(PHASE), null) from ADSL "
            "where COHORT is not null and SAFFL = 'Y' group by COHORT, COHORTN order by COHORTN"
        )
    ]


def _groups(work: Work, arm: str, arm_order: str, unit: str) -> list[dict[str, Any]]:
    groups = []
    if work.has("ADSL", "COHORT"):
        groups.append(
            {"key": "cohort", "label": "Cohort", "variable": "COHORT", "order": "COHORTN"}
        )
    if arm:
        groups.append(
            {"key": "arm", "label": "Arm", "variable": arm, "order": _ordered(work, arm, arm_order)}
        )
    if work.has("ADSL", "DOSE01A"):
        dose = {"key": "dose", "label": "Dose", "variable": "DOSE01A", "order": "DOSE01A"}
        groups.append(dose | _dose_text(work, unit))
    if work.has("ADSL", "PHASE"):
        groups.append({"key": "phase", "label": "Phase", "variable": "PHASE", "order": "PHASEN"})
    return groups


def _dose_text(work: Work, unit: str) -> dict[str, Any]:
    """How a dose is written: its unit where it has one, and 54 for 54.0 if all are integers."""
    is_whole = not work.count("ADSL", "DOSE01A <> round(DOSE01A)")
    return ({"unit": unit} if unit else {}) | ({"decimals": 0} if is_whole else {})


def _ordered(work: Work, arm: str, number: str) -> str:
    return number if number and work.has("ADSL", number) else arm


def _filters(work: Work, arm: str, arm_order: str, unit: str) -> list[dict[str, Any]]:
    filters = []
    for key, label, named, more in _FILTERS:
        variable = named or arm
        is_range = more.get("kind") == "range"
        if not variable or not _varies(work, variable, 10**9 if is_range else CHOICES_LIMIT):
            continue
        item = {"key": key, "label": label, "variable": variable} | more
        if key == "arm":
            item["order"] = _ordered(work, arm, arm_order)
        if key == "dose":
            item |= _dose_text(work, unit)
        if values := more.get("values"):
            held = {str(v) for (v,) in work.rows(f"select distinct {variable} from ADSL")}
            item["values"] = {k: v for k, v in values.items() if k in held}
        filters.append(item)
    return filters


def _sets(work: Work) -> list[dict[str, Any]]:
    """Flags of ADSL with at least one patient; first the safety population."""
    known = [flag for flag, *_ in _SETS]
    labels = {v.name: v.label for v in ADSL.variables}
    labels |= {name: label for name, _, label in work.extras["ADSL"]}
    more = [
        (
            name,
            name.lower().removesuffix("fl"),
            labels[name].removesuffix(" Flag"),
            f"as the sponsor flags it ({name})",
        )
        for name, kind, label in work.extras["ADSL"]
        if kind == "VARCHAR" and name.endswith("FL") and "population" in label.lower()
    ]
    sets = []
    for flag, key, label, note in (*_SETS, *more):
        if flag in known[1:] or (flag, key, label, note) in more:
            wheres = f"{quoted(flag)} = 'Y'"
        else:
            wheres = "SAFFL = 'Y'"
        patients = work.count("ADSL", wheres)
        if not patients:
            continue
        never = work.count("ADSL", f"{wheres} and SAFFL is distinct from 'Y'")
        described = f"{note}; {never} of them never treated" if never else note
        sets.append({"key": key, "label": label, "variable": flag, "note": described})
    return sets


def _flow(work: Work) -> list[dict[str, Any]]:
    """The boxes of the patient flow that the data can fill."""
    everybody, treated = work.count("ADSL"), work.count("ADSL", "SAFFL = 'Y'")
    steps: list[dict[str, Any]] = []
    if everybody > treated:
        steps.append({"label": "In the data", "where": {}})
        enrolled = "RANDFL" if work.has("ADSL", "RANDFL") else "ENRLFL"
        steps += [
            {"label": f"Not enrolled: {reason}", "where": {"SCRNFREA": str(reason)}, "side": True}
            for (reason,) in work.rows(
                "select SCRNFREA from ADSL where SCRNFREA is not null group by all order by all"
            )
        ]
        if work.count("ADSL", f"{enrolled} = 'Y'"):
            label = "Randomised" if enrolled == "RANDFL" else "Enrolled"
            steps.append({"label": label, "where": {enrolled: "Y"}})
        if work.count("ADSL", "SAFFL = 'N'") == everybody - treated:
            steps.append({"label": "Never treated", "where": {"SAFFL": "N"}, "side": True})
    steps.append({"label": "Treated", "where": {"SAFFL": "Y"}})
    for status, label, side in (
        ("DISCONTINUED", "Discontinued", True),
        ("ONGOING", "Ongoing", True),
        ("COMPLETED", "Completed", False),
    ):
        if work.count("ADSL", f"SAFFL = 'Y' and EOSSTT = {text(status)}"):
            where = {"SAFFL": "Y", "EOSSTT": status}
            steps.append({"label": label, "where": where} | ({"side": True} if side else {}))
    return steps
