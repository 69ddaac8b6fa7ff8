"""ADSL: who was treated, with what, at which dose, in which cohort and phase."""

from __future__ import annotations

import re

from data.ingest.mapping import Work
from data.ingest.report import Issue, failure
from data.ingest.stage import quoted, text

_NOT_TREATED = (
    "regexp_matches(upper({0}), "
    "'^(SCREEN.*FAIL.*|NOT (ASSIGNED|TREATED).*|NOTASSGN|SCRNFAIL|NOTTRT)$')"
)
_UNIT = r"(?:mg|µg|μg|ug|mcg|g|ng|mL|IU|U|units?|cells|x?\s*10\^?\d+\s*cells)"
_DOSE = re.compile(
    rf"(?<![\w.])(\d+(?:\.\d+)?)\s*(?:[x×]\s*)?((?:10\^?\d+\s*)?{_UNIT}(?:\s*/\s*(?:kg|m\^?2|day|d|week|wk))*)(?!\w)",
    re.IGNORECASE,
)
_PLACEBO = re.compile(r"\b(placebo|no treatment|untreated|observation|sham)\b", re.IGNORECASE)


def complete(work: Work) -> None:
    """Fill in what the app needs of ADSL and can be known by rule."""
    _treated(work)
    _arm(work)
    _dose(work)
    _order(work, "COHORT", "COHORTN")
    _order(work, "PHASE", "PHASEN")
    _end_of_study(work)
    if not work.has("ADSL", "PHASE"):
        work.redecide(
            "ADSL",
            "PHASE",
            "",
            "the data have no PHASE, and nothing else says it (APHASE is a period of a patient's "
            "own course); say it under [map.ADSL]",
        )


def study_id(work: Work, wanted: str) -> tuple[str, list[str]]:
    """The identifier of the study, and those of the others whose patients were taken out.

    It is that of ADSL, unless `wanted` names another.

    Raises:
        IngestError: ADSL holds several studies and none was chosen, or none can be told.
    """
    found = [str(value) for (value,) in work.rows(
        "select distinct STUDYID from ADSL where STUDYID is not null order by STUDYID"
    )]  # fmt: skip
    others: list[str] = []
    if wanted and wanted in found and len(found) > 1:
        others = [other for other in found if other != wanted]
        where = f"STUDYID is distinct from {text(wanted)}"
        work.reject("ADSL", where, f"of another study than {wanted}")
    elif len(found) > 1:
        raise failure(
            "the patients belong to several studies",
            "Choose one with --study.",
            dataset="ADSL",
            variable="STUDYID",
            values=found[:5],
        )
    chosen = wanted or (found[0] if found else "")
    if not chosen:
        raise failure(
            "the study has no identifier",
            "Fill STUDYID, or name the study with --study.",
            dataset="ADSL",
            variable="STUDYID",
        )
    if not found:
        work.connection.execute(f"update ADSL set STUDYID = {text(chosen)}")
        work.redecide("ADSL", "STUDYID", "--study", "ADSL has none")
    elif chosen not in found:
        work.decide("", "study", "--study", f"kept as {chosen}; STUDYID in the data is {found[0]}")
    return chosen, others


def _treated(work: Work) -> None:
    """SAFFL as delivered, else from the date of the first treatment, else from exposure."""
    if work.has("ADSL", "SAFFL"):
        where = "SAFFL = 'Y' and TRTSDT is null"
        if work.has("ADSL", "TRTSDT") and (rows := work.count("ADSL", where)):
            work.issue(
                Issue(
                    "warning",
                    "ADSL",
                    "SAFFL",
                    "in the safety population without a date of first treatment",
                    "They count as treated, as SAFFL says. Check TRTSDT.",
                    rows=rows,
                    patients=work.first("ADSL", where),
                )
            )
        if rows := work.count("ADSL", "SAFFL is null"):
            patients = work.first("ADSL", "SAFFL is null")
            work.connection.execute("update ADSL set SAFFL = 'N' where SAFFL is null")
            work.issue(
                Issue(
                    "note",
                    "ADSL",
                    "SAFFL",
                    "missing, and read as N",
                    "Nothing to do where these patients were never treated.",
                    rows=rows,
                    patients=patients,
                )
            )
        never = work.count("ADSL", "SAFFL = 'N'")
    else:
        if work.has("ADSL", "TRTSDT"):
            rule, source = "TRTSDT is not null", "TRTSDT"
        elif work.has("ADEX", "ASTDY") or work.has("ADEX", "ASTDT"):
            rule = "USUBJID in (select x.USUBJID from ADEX as x where coalesce(x.EXDOSE, 1) > 0)"
            source = "ADEX"
        elif work.has("ADSL", "TRT01A"):
            rule = f"TRT01A is not null and not {_NOT_TREATED.format('TRT01A')}"
            source = "TRT01A"
        else:
            raise failure(
                "nothing says who was treated: SAFFL, TRTSDT, ADEX and TRT01A are not there",
                'Add one of them, or say SAFFL = { value = "Y" } under [map.ADSL].',
                dataset="ADSL",
                variable="SAFFL",
            )
        work.connection.execute(f"update ADSL set SAFFL = if({rule}, 'Y', 'N')")
        work.redecide("ADSL", "SAFFL", source, "SAFFL not found; Y where there was a treatment")
        never = work.count("ADSL", "SAFFL = 'N'")
    if never:
        work.issue(
            Issue(
                "note",
                "ADSL",
                "SAFFL",
                f"{never} of {work.count('ADSL')} patients were never treated",
                "They are in no denominator of the safety population.",
                patients=work.first("ADSL", "SAFFL is distinct from 'Y'"),
            )
        )
    if not work.count("ADSL", "SAFFL = 'Y'"):
        raise failure(
            "nobody was treated",
            "Check SAFFL: every figure is about treated patients.",
            dataset="ADSL",
            variable="SAFFL",
        )


def treatment(work: Work) -> tuple[str, str, str]:
    """The variable that says the arm, that of its order, and "actual" or "planned"."""
    kinds = [
        ("TRT01A", "TRT01AN", "actual"), ("TRT01P", "TRT01PN", "planned"), ("ARM", "", "planned")
    ]  # fmt: skip
    if work.settings.treatment == "planned":
        kinds = [*kinds[1:], kinds[0]]
    for variable, number, kind in kinds:
        if work.has("ADSL", variable):
            return variable, number, kind
    return "", "", ""


def _arm(work: Work) -> None:
    variable, number, kind = treatment(work)
    if not variable:
        raise failure(
            "no treatment is given: TRT01A, TRT01P and ARM are not there",
            "Add one of them, or name the variable under [map.ADSL].",
            dataset="ADSL",
            variable="TRT01A",
        )
    planned = next((v for v in ("TRT01P", "ARM") if work.has("ADSL", v)), "")
    why = f"{kind} treatment"
    if work.settings.treatment:
        why += f", as {work.settings.name} says"
    differ = "TRT01A is not null and SAFFL = 'Y' and upper(TRT01A) <> upper({0})"
    if planned and work.has("ADSL", "TRT01A"):
        where = differ.format(planned)
        rows = work.count("ADSL", where)
        why += f"; actual and planned ({planned}) differ in {rows} treated patients"
        if rows:
            work.issue(
                Issue(
                    "note",
                    "ADSL",
                    "TRT01A",
                    f"the actual treatment is not the planned one ({planned})",
                    f"The arms are those of {variable} ({kind}). [map] treatment = "
                    '"planned" or "actual" chooses.',
                    rows=rows,
                    patients=work.first("ADSL", where),
                )
            )
    work.decide("ADSL", "arm", variable, why)
    where = f"SAFFL = 'Y' and {variable} is null"
    if rows := work.count("ADSL", where):
        work.issue(
            Issue(
                "warning",
                "ADSL",
                variable,
                "treated patients without a treatment",
                "They are shown as (missing). Fill the variable.",
                rows=rows,
                patients=work.first("ADSL", where),
            )
        )
    if number:
        _order(work, variable, number)


def _order(work: Work, variable: str, number: str) -> None:
    """The number by which the values of a variable are ordered: as delivered, else by the text."""
    if not work.has("ADSL", variable):
        return
    clash = work.rows(
        f"select {variable} from ADSL where SAFFL = 'Y' and {variable} is not null "
        f"group by {variable} having count(distinct {number}) <> 1 or count({number}) < count(*)"
    )
    if not clash:
        return
    if work.has("ADSL", number):
        work.issue(
            Issue(
                "warning",
                "ADSL",
                number,
                f"{number} does not go with {variable}, value by value",
                f"The order is that of the text. Give each value of {variable} one number.",
                values=tuple(str(v) for (v,) in clash[:3]),
            )
        )
    values = [str(v) for (v,) in work.rows(
        f"select distinct {variable} from ADSL where {variable} is not null"
    )]  # fmt: skip
    for place, value in enumerate(sorted(values, key=_natural), start=1):
        work.connection.execute(
            f"update ADSL set {number} = {place} where {variable} = {text(value)}"
        )
    work.redecide("ADSL", number, variable, "numbered in the order of the text, placebo first")


def _natural(value: str) -> tuple[bool, list[tuple[int, float, str]]]:
    """A key that puts placebo first, and "2 mg" before "10 mg"."""
    parts = re.split(r"(\d+(?:\.\d+)?)", value)
    key = [(0, float(p), "") if p[:1].isdigit() else (1, 0.0, p.casefold()) for p in parts if p]
    return not _PLACEBO.search(value), key


def _dose(work: Work) -> None:
    """DOSE01A, else the planned dose, else that of the numbered treatment or of its words."""
    if work.has("ADSL", "DOSE01A"):
        return
    if ("ADSL", "DOSE01A") in work.settings.given:
        return
    if work.has("ADSL", "DOSE01P"):
        work.issue(
            Issue(
                "note",
                "ADSL",
                "DOSE01A",
                "only the planned dose is there",
                "The dose shown is DOSE01P; say DOSE01A under [map.ADSL] for another.",
            )
        )
        work.connection.execute("update ADSL set DOSE01A = DOSE01P where SAFFL = 'Y'")
        work.redecide("ADSL", "DOSE01A", "DOSE01P", "no actual dose; the planned one")
        return
    variable, number, kind = treatment(work)
    arms = [
        (str(arm), None if code is None else float(str(code)))
        for arm, code in work.rows(
            f"select {variable}, {f'any_value({number})' if number else 'null'} from ADSL "
            f"where SAFFL = 'Y' and {variable} is not null group by {variable}"
        )
    ]
    doses = _doses_in_words(arms)
    if doses:
        source, why = variable, f"no DOSE01A; the {kind} treatment names a dose in every arm"
    elif number and _codes_are_doses(arms):
        doses = {arm: (code, "") for arm, code in arms if code is not None}
        source = number
        why = (
            f"no DOSE01A; the numbers of the {kind} treatment are 0 for placebo and no mere count "
            "for the others, so they are taken for its doses"
        )
        work.issue(
            Issue(
                "warning",
                "ADSL",
                "DOSE01A",
                f"the dose is taken from {number}",
                'If these are codes and not doses, write DOSE01A = "" under [map.ADSL]; name the '
                'unit with DOSE01U = { value = "mg" }.',
                values=tuple(f"{arm}: {code:g}" for arm, code in arms if code is not None),
            )
        )
    else:
        work.redecide(
            "ADSL",
            "DOSE01A",
            "",
            "no DOSE01A or DOSE01P, and neither the number nor the words of the treatment are a "
            "dose; say it under [map.ADSL]",
        )
        return
    for arm, (dose, unit) in doses.items():
        work.connection.execute(
            f"update ADSL set DOSE01A = {float(dose)!r}::double, "
            f"DOSE01U = coalesce(DOSE01U, nullif({text(unit)}, '')) "
            f"where SAFFL = 'Y' and {variable} = {text(arm)}"
        )
    work.redecide("ADSL", "DOSE01A", source, why)


def _doses_in_words(arms: list[tuple[str, float | None]]) -> dict[str, tuple[float, str]]:
    """Arm -> dose and unit, if every arm names one dose in one unit, or is placebo."""
    found: dict[str, tuple[float, str]] = {}
    units = set()
    for arm, _ in arms:
        named = _DOSE.findall(arm)
        if len(named) == 1:
            unit = re.sub(r"\s+", " ", named[0][1]).strip()
            found[arm] = (float(named[0][0]), unit)
            units.add(unit.lower())
        elif not named and _PLACEBO.search(arm):
            found[arm] = (0.0, "")
        else:
            return {}
    if len(units) != 1 or not any(dose for dose, _ in found.values()):
        return {}
    unit = next(unit for _, unit in found.values() if unit)
    return {arm: (dose, unit) for arm, (dose, _) in found.items()}


def _codes_are_doses(arms: list[tuple[str, float | None]]) -> bool:
    """Whether the numbers of the arms are doses: 0 is placebo, and they do not just count."""
    codes = [code for _, code in arms if code is not None]
    if len(codes) < len(arms) or len(codes) < 2 or min(codes) < 0:
        return False
    if any((code == 0) != bool(_PLACEBO.search(arm)) for arm, code in arms):
        return False
    if 0 not in codes:
        return False
    return sorted(codes) != [float(place) for place in range(len(codes))] and max(codes) < 99


def _end_of_study(work: Work) -> None:
    """EOSSTT and DCSREAS, else from the standardised disposition term."""
    if work.has("ADSL", "EOSSTT") or ("ADSL", "EOSSTT") in work.settings.given:
        return
    extras = {name for name, _, _ in work.extras["ADSL"]}
    if "DCDECOD" not in extras or not work.has("ADSL", "DCDECOD"):
        return
    term = quoted("DCDECOD")
    work.connection.execute(
        f"update ADSL set EOSSTT = case when upper({term}) = 'COMPLETED' then 'COMPLETED' "
        f"when {term} is not null then 'DISCONTINUED' end, "
        f"DCSREAS = coalesce(DCSREAS, case when upper({term}) <> 'COMPLETED' then {term} end)"
    )
    work.redecide(
        "ADSL",
        "EOSSTT",
        "DCDECOD",
        "EOSSTT not found; COMPLETED as the disposition says, others not",
    )


def baseline_platelets(work: Work, parameter: str) -> None:
    """BLPLAT from the baseline record of the platelet count, where ADSL does not hold it."""
    if not parameter or work.has("ADSL", "BLPLAT") or ("ADSL", "BLPLAT") in work.settings.given:
        return
    work.connection.execute(
        "update ADSL set BLPLAT = b.value from (select USUBJID, any_value(AVAL) as value from ADLB "
        f"where PARAMCD = {text(parameter)} and ABLFL = 'Y' and AVAL is not null group by USUBJID "
        "having count(distinct AVAL) = 1) as b where b.USUBJID = ADSL.USUBJID"
    )
    if work.has("ADSL", "BLPLAT"):
        work.redecide("ADSL", "BLPLAT", "ADLB", f"AVAL of {parameter} where ABLFL is Y")
