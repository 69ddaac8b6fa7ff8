"""Steps written from what a study declares in `study.toml`: filters, flow, doses, baseline.

Each function returns the SQL of one step and its parameters. Names of columns are quoted, values
are bound; a variable that ADSL does not have is missing for every patient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from data.study import Study
from queries.engine.selection import Selection, condition, number_sql, quoted, value_sql

Step = tuple[str, dict[str, Any]]


def filter_value(study: Study, selection: Selection) -> Step:
    """One row per patient of the analysis set and filter: the value, and whether it passes.

    Columns: USUBJID, filter_key, option_value (null for a range), option_order, number, passes.
    """
    params: dict[str, Any] = {}
    parts = []
    flag = quoted(study.analysis_set(selection.analysis_set).variable)
    for index, item in enumerate(study.filters):
        passes, bound = condition(study, item, selection) or ("true", {})
        params |= bound | {f"filter_key_{index}": item.key}
        if item.kind == "range":
            columns = (
                "cast(null as varchar) as option_value, 0 as option_order, "
                f"{number_sql(item.variable)} as number"
            )
        else:
            order = quoted(item.order or item.variable)
            columns = (
                f"{value_sql(item.variable, item.decimals)} as option_value, "
                f"dense_rank() over (order by {order} nulls last) as option_order, "
                "cast(null as double) as number"
            )
        parts.append(
            f"select USUBJID, $filter_key_{index} as filter_key, {columns}, "
            f"coalesce({passes}, false) as passes from adsl where {flag} = 'Y'"
        )
    return _union(
        parts,
        "'' as filter_key, cast(null as varchar) as option_value, 0 as option_order, "
        "cast(null as double) as number, true as passes",
    ), params


def flow_patient(study: Study, _: Selection) -> Step:
    """One row per patient of ADSL and step of the flow: step, step_label, is_side, is_in."""
    params: dict[str, Any] = {}
    parts = []
    for index, step in enumerate(study.flow):
        params[f"step_{index}"] = step.label
        wheres = ["true"]
        for position, (variable, value) in enumerate(step.where):
            name = f"step_{index}_{position}"
            wheres.append(f"coalesce(cast({quoted(variable)} as varchar) = ${name}, false)")
            params[name] = value
        parts.append(
            f"select {index} as step, $step_{index} as step_label, "
            f"{str(step.side).lower()} as is_side, {' and '.join(wheres)} as is_in from adsl"
        )
    return _union(parts, "0 as step, '' as step_label, false as is_side, false as is_in"), params


def grid_patient(study: Study, selection: Selection) -> Step:
    """One row per patient of the analysis set: dose (row) and phase (column), and is_selected.

    A study without a dose or a phase has one row or one column of that kind: "All".
    """
    flag = quoted(study.analysis_set(selection.analysis_set).variable)

    def axis(key: str, name: str) -> str:
        group = study.grouping(key)
        if group is None:
            return f"'All' as {name}_label, cast(0 as double) as {name}_order"
        label = value_sql(group.variable, group.decimals)
        order = number_sql(group.order)
        return f"{label} as {name}_label, {order} as {name}_order"

    return (
        f"select {axis('dose', 'row')}, {axis('phase', 'column')}, "
        "USUBJID in (select population.USUBJID from population) as is_selected "
        f"from adsl where {flag} = 'Y'",
        {},
    )


def baseline_value(study: Study, _: Selection) -> Step:
    """One row per selected patient and line of the baseline table: value, number, is_in."""
    params: dict[str, Any] = {}
    parts = []
    for index, row in enumerate(study.baseline):
        value = f"cast({quoted(row.variable)} as varchar)"
        text, number = value, "cast(null as double)"
        is_in, is_known = "true", f"{value} is not null"
        params |= {f"line_{index}": row.label, f"line_kind_{index}": row.kind}
        if row.kind == "flag":
            params[f"line_value_{index}"] = row.value
            text = "cast(null as varchar)"
            is_in = f"coalesce({value} = $line_value_{index}, false)"
        elif row.kind == "number":
            number = number_sql(row.variable)
            is_in = is_known = f"{number} is not null"
        elif row.kind == "category":
            # Missing is a category too, so that the categories add up to all patients.
            text = value_sql(row.variable)
        parts.append(
            f"select USUBJID, {index} as line, $line_{index} as line_label, "
            f"$line_kind_{index} as kind, {text} as value, {number} as number, {is_in} as is_in, "
            f"{is_known} as is_known from population"
        )
    return _union(
        parts,
        "0 as line, '' as line_label, '' as kind, cast(null as varchar) as value, "
        "cast(null as double) as number, false as is_in, false as is_known",
    ), params


def _union(parts: list[str], columns: str) -> str:
    """The selects as one; without any, a select of the same columns with no rows."""
    return "\nunion all\n".join(parts or [f"select USUBJID, {columns} from adsl where false"])


STUDY_STEPS: dict[str, Callable[[Study, Selection], Step]] = {
    "filter_value": filter_value,
    "flow_patient": flow_patient,
    "grid_patient": grid_patient,
    "baseline_value": baseline_value,
}
