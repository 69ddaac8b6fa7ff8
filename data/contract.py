"""The declared shape of every ADaM dataset the application reads.

One `Dataset` says what a table must hold before any figure may use it: names, labels, types,
units, allowed values, key and references. Three things are made from it: the Arrow schema that
every writer uses (`arrow_schema`), the list of what is wrong with a given table (`violations`) and
the tables of variables in `docs/data.md` (`markdown`; `python -m data.contract docs/data.md`
writes them anew).

Names, labels and structure follow the CDISC ADaM Implementation Guide 1.3 and the ADaM Structure
for Occurrence Data; allowed values follow CDISC controlled terminology. Only what the application
cannot do without is required. Everything else is optional, and is checked where it is present;
columns that are not declared are let through.
"""

import glob
import os
import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import duckdb
import pyarrow as pa

Source: TypeAlias = pa.Table | str | os.PathLike[str]

Type = Literal["text", "integer", "number", "date"]

ARROW: Final[Mapping[Type, pa.DataType]] = {
    "text": pa.string(),
    "integer": pa.int32(),
    "number": pa.float64(),
    "date": pa.date32(),
}
DUCKDB: Final[Mapping[Type, str]] = {
    "text": "VARCHAR",
    "integer": "INTEGER",
    "number": "DOUBLE",
    "date": "DATE",
}
FLAG: Final = ("Y", "N")
# AESEV from the mildest; the last two are not in CDISC's list, and sponsors use them.
SEVERITIES: Final = ("MILD", "MODERATE", "SEVERE", "LIFE THREATENING", "FATAL")


@dataclass(frozen=True)
class Variable:
    """One column.

    `required`: the column must be there. `filled`: every row must hold a value. `allowed`: the
    only values it may hold besides missing. `condition`: SQL that every value must meet, for what
    a list of values cannot say.
    """

    name: str
    label: str
    type: Type = "text"
    unit: str = ""
    allowed: tuple[str | int, ...] = ()
    required: bool = False
    filled: bool = False
    condition: str = ""
    description: str = ""


@dataclass(frozen=True)
class Reference:
    """`variable` may only hold values found in the variable of the same name in `dataset`."""

    variable: str
    dataset: str


@dataclass(frozen=True)
class Dataset:
    """One table: its variables, the key that is unique in it, and the order its rows lie in.

    `one_of`: groups of optional variables of which at least one must be there. `key_where_present`:
    variables that belong to the key in a table that has them, as a study may have several records
    of one patient, parameter, visit and day.
    """

    name: str
    label: str
    structure: str
    key: tuple[str, ...]
    order: tuple[str, ...]
    variables: tuple[Variable, ...]
    references: tuple[Reference, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    key_where_present: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Variable:
        """The variable of that name; KeyError if it is not declared."""
        for variable in self.variables:
            if variable.name == name:
                return variable
        raise KeyError(f"{self.name} declares no variable {name}")


@dataclass(frozen=True)
class Finding:
    """One way in which a table departs from its contract, and what to do about it.

    `rows`: how many rows are concerned (0 where a whole column is). `patients`: the first few
    USUBJID of those rows. `values`: the first few values that are not allowed.
    """

    dataset: str
    variable: str
    rule: str
    rows: int
    patients: tuple[str, ...]
    advice: str
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.dataset}.{self.variable}: {self.rule}"
        if self.values:
            where += f" ({', '.join(repr(value) for value in self.values)})"
        count = f", {self.rows} row{'s' if self.rows != 1 else ''}" if self.rows else ""
        who = f" ({', '.join(self.patients)})" if self.patients else ""
        return f"{where}{count}{who}. {self.advice}"


def _flag(name: str, label: str, description: str = "") -> Variable:
    return Variable(name, label, allowed=FLAG, description=description)


def _day(name: str, label: str, *, required: bool = False, description: str = "") -> Variable:
    """A study day: the first treatment is day 1, the day before it day -1, and no day is 0."""
    return Variable(
        name,
        label,
        "integer",
        unit="day",
        required=required,
        condition=f"{name} <> 0",
        description=description,
    )


STUDYID = Variable("STUDYID", "Study Identifier", required=True, filled=True)
USUBJID = Variable(
    "USUBJID",
    "Unique Subject Identifier",
    required=True,
    filled=True,
    description="One patient, over all studies.",
)
IN_ADSL = (Reference("USUBJID", "ADSL"),)

ADSL = Dataset(
    name="ADSL",
    label="Subject-Level Analysis Dataset",
    structure="one row per patient screened",
    key=("USUBJID",),
    order=("USUBJID",),
    one_of=(("TRT01A", "TRT01P", "ARM"),),
    variables=(
        STUDYID,
        USUBJID,
        Variable("SUBJID", "Subject Identifier for the Study", description="Screening number."),
        Variable("SITEID", "Study Site Identifier"),
        Variable("AGE", "Age", "integer", unit="years", condition="AGE between 0 and 130"),
        Variable("AGEU", "Age Units"),
        Variable("SEX", "Sex", allowed=("F", "M", "U", "UNDIFFERENTIATED")),
        Variable("RACE", "Race"),
        Variable("ETHNIC", "Ethnicity"),
        Variable("COUNTRY", "Country"),
        Variable("HEIGHTBL", "Baseline Height", "number", unit="cm"),
        Variable("WEIGHTBL", "Baseline Weight", "number", unit="kg"),
        Variable("BMIBL", "Baseline Body Mass Index", "number", unit="kg/m^2"),
        Variable("ARM", "Description of Planned Arm"),
        Variable("TRT01P", "Planned Treatment for Period 01"),
        Variable("TRT01PN", "Planned Treatment for Period 01 (N)", "integer"),
        Variable(
            "TRT01A",
            "Actual Treatment for Period 01",
            description="Missing for patients never treated.",
        ),
        Variable(
            "TRT01AN",
            "Actual Treatment for Period 01 (N)",
            "integer",
            description="The order in which treatments are shown.",
        ),
        Variable("DOSE01P", "Planned Treatment Dose for Period 01", "number", unit="DOSE01U"),
        Variable("DOSE01A", "Actual Treatment Dose for Period 01", "number", unit="DOSE01U"),
        Variable("DOSE01U", "Units for Dose for Period 01"),
        Variable(
            "COHORT", "Cohort", description="Dose level within the part of the study; not in ADaM."
        ),
        Variable(
            "COHORTN",
            "Cohort (N)",
            "integer",
            description="The order in which cohorts were opened and are shown.",
        ),
        Variable(
            "PHASE",
            "Part of the Study",
            description="Dose escalation or dose expansion; not in ADaM. Not APHASE, which is a "
            "period of a patient's own course.",
        ),
        Variable("PHASEN", "Part of the Study (N)", "integer"),
        _flag("ENRLFL", "Enrolled Population Flag"),
        _flag("RANDFL", "Randomized Population Flag"),
        _flag("SAFFL", "Safety Population Flag", "Received at least one dose."),
        _flag("ITTFL", "Intent-To-Treat Population Flag"),
        _flag("FASFL", "Full Analysis Set Population Flag"),
        _flag("EFFFL", "Efficacy Population Flag", "Not in ADaM, and common."),
        _flag("PPROTFL", "Per-Protocol Population Flag"),
        Variable("SCRNFREA", "Reason Not Enrolled", description="Missing for patients enrolled."),
        Variable("ENRLNO", "Order of Enrolment", "integer", description="1 for the first patient."),
        Variable("TRTSDT", "Date of First Exposure to Treatment", "date"),
        Variable("TRTEDT", "Date of Last Exposure to Treatment", "date"),
        _flag("CHRONFL", "Chronic ITP Flag", "ITP for more than 12 months."),
        Variable("ITPDUR", "Duration of ITP", "number", unit="months", condition="ITPDUR >= 0"),
        Variable("NPRIOR", "Number of Unique Prior ITP Therapies", "integer"),
        _flag("PRIOR5FL", "Five or More Prior Therapies Flag"),
        _flag("SPLENFL", "Prior Splenectomy Flag"),
        _flag("RITUXFL", "Prior Rituximab Flag"),
        Variable(
            "ANTIBODY",
            "Platelet Glycoprotein Autoantibody",
            description="Glycoproteins the patient's autoantibodies bind, or None detected.",
        ),
        _flag("ANTIBFL", "Platelet Glycoprotein Autoantibody Flag"),
        Variable(
            "BLPLAT",
            "Baseline Platelets",
            "number",
            unit="10^9/L",
            description="The ADLB record with PARAMCD PLAT and ABLFL Y.",
        ),
        Variable("BLBLEED", "Baseline WHO Bleeding Grade", "integer", allowed=(0, 1, 2, 3, 4)),
        _flag(
            "DLTFL",
            "Dose-Limiting Toxicity Flag",
            "Missing for patients not assessed for dose-limiting toxicity.",
        ),
        Variable("EOSSTT", "End of Study Status", allowed=("COMPLETED", "DISCONTINUED", "ONGOING")),
        Variable("DCSREAS", "Reason for Discontinuation from Study"),
        _day("EOSDY", "End of Study Relative Day"),
    ),
)

ADLB = Dataset(
    name="ADLB",
    label="Laboratory Analysis Dataset",
    structure="one row per patient, parameter and visit",
    key=("USUBJID", "PARAMCD", "AVISITN", "ADY"),
    order=("PARAMCD", "USUBJID", "ADY", "AVISITN"),
    references=IN_ADSL,
    key_where_present=("BASETYPE", "DTYPE", "ATPT", "LBSEQ", "ASEQ"),
    variables=(
        STUDYID,
        USUBJID,
        Variable(
            "PARAMCD",
            "Parameter Code",
            required=True,
            filled=True,
            description="PLAT is the platelet count, WHOBLEED the WHO bleeding grade.",
        ),
        Variable("PARAM", "Parameter", description="With the unit in parentheses."),
        Variable("PARAMN", "Parameter (N)", "integer"),
        Variable("PARCAT1", "Parameter Category 1"),
        Variable(
            "AVAL",
            "Analysis Value",
            "number",
            unit="AVALU",
            required=True,
            condition="isfinite(AVAL)",
            description="Where LLOQFL is Y, the limit of quantification itself.",
        ),
        Variable(
            "AVALC",
            "Analysis Value (C)",
            description="As reported, where that is more than the number: <2, or 1 - mild.",
        ),
        Variable("AVALU", "Analysis Value Unit"),
        _flag("LLOQFL", "Below Limit of Quantification Flag"),
        Variable("BASE", "Baseline Value", "number", unit="AVALU"),
        Variable(
            "CHG",
            "Change from Baseline",
            "number",
            unit="AVALU",
            description="AVAL - BASE, after baseline.",
        ),
        Variable("AVISIT", "Analysis Visit"),
        Variable(
            "AVISITN",
            "Analysis Visit (N)",
            "number",
            required=True,
            description="The order of visits: -1 screening, 0 baseline, then the week; 5.01 is "
            "the first unscheduled visit after week 5.",
        ),
        _day("ADY", "Analysis Relative Day", required=True),
        Variable("ADT", "Analysis Date", "date"),
        _flag("ABLFL", "Baseline Record Flag", "The last value on or before day 1."),
        _flag(
            "ANL01FL",
            "Analysis Flag 01",
            "What it marks is the sponsor's choice; here, scheduled visits from baseline on.",
        ),
        _flag("ANL02FL", "Analysis Flag 02"),
        _flag("ANL03FL", "Analysis Flag 03"),
        Variable("DTYPE", "Derivation Type", description="Missing where the value was observed."),
        Variable("BASETYPE", "Baseline Type", description="Where a patient has several baselines."),
        Variable("VISIT", "Visit Name", description="As planned or recorded, before windowing."),
        Variable("VISITNUM", "Visit Number", "number"),
        Variable("ATPT", "Analysis Timepoint"),
        Variable("LBSEQ", "Sequence Number", "integer", description="Of the record in SDTM LB."),
        Variable("ASEQ", "Analysis Sequence Number", "integer"),
        Variable("A1LO", "Analysis Range 1 Lower Limit", "number", unit="AVALU"),
        Variable("A1HI", "Analysis Range 1 Upper Limit", "number", unit="AVALU"),
        Variable("ANRIND", "Analysis Reference Range Indicator"),
        Variable("ATOXGR", "Analysis Toxicity Grade", description="As delivered, with its sign."),
    ),
)

ADAE = Dataset(
    name="ADAE",
    label="Adverse Events Analysis Dataset",
    structure="one row per patient and adverse event",
    key=("USUBJID", "AESEQ"),
    order=("USUBJID", "ASTDY", "AESEQ"),
    references=IN_ADSL,
    one_of=(("AETOXGR", "AESEV"), ("ASTDY", "ASTDT")),
    variables=(
        STUDYID,
        USUBJID,
        Variable("AESEQ", "Sequence Number", "integer"),
        Variable("AETERM", "Reported Term for the Adverse Event"),
        Variable("AEDECOD", "Dictionary-Derived Term", required=True, filled=True),
        Variable("AEBODSYS", "Body System or Organ Class", required=True),
        Variable(
            "AETOXGR",
            "Analysis Toxicity Grade",
            "integer",
            allowed=(1, 2, 3, 4, 5),
            description="CTCAE grade.",
        ),
        Variable("AESEV", "Severity/Intensity", allowed=SEVERITIES),
        _flag("AESER", "Serious Event"),
        Variable("AEREL", "Causality", description="In the sponsor's own terms."),
        Variable("AEACN", "Action Taken with Study Treatment"),
        Variable("AEOUT", "Outcome of Adverse Event"),
        _day("ASTDY", "Analysis Start Relative Day"),
        _day("AENDY", "Analysis End Relative Day", description="Missing while the event lasts."),
        Variable("ASTDT", "Analysis Start Date", "date"),
        Variable("AENDT", "Analysis End Date", "date"),
        _flag("TRTEMFL", "Treatment Emergent Analysis Flag"),
        _flag(
            "AOCCFL",
            "1st Occurrence within Subject Flag",
            "Y on a patient's first treatment-emergent event.",
        ),
        _flag(
            "AOCCPFL",
            "1st Occurrence of Preferred Term Flag",
            "Y on a patient's first treatment-emergent event of each AEDECOD.",
        ),
    ),
)

ADEX = Dataset(
    name="ADEX",
    label="Exposure Analysis Dataset",
    structure="one row per patient and infusion",
    key=("USUBJID", "EXSEQ"),
    order=("USUBJID", "ASTDY", "EXSEQ"),
    references=IN_ADSL,
    variables=(
        STUDYID,
        USUBJID,
        Variable("EXSEQ", "Sequence Number", "integer"),
        Variable("EXTRT", "Name of Treatment"),
        Variable("EXDOSE", "Dose", "number", unit="EXDOSU"),
        Variable("EXDOSU", "Dose Units"),
        Variable("AVISIT", "Analysis Visit"),
        Variable("AVISITN", "Analysis Visit (N)", "number"),
        _day("ASTDY", "Analysis Start Relative Day", required=True),
        _day("AENDY", "Analysis End Relative Day"),
        Variable("ASTDT", "Analysis Start Date", "date"),
    ),
)

ADCM = Dataset(
    name="ADCM",
    label="Concomitant Medications Analysis Dataset",
    structure="one row per patient and course of another therapy",
    key=("USUBJID", "CMSEQ"),
    order=("USUBJID", "ASTDY", "CMSEQ"),
    references=IN_ADSL,
    variables=(
        STUDYID,
        USUBJID,
        Variable("CMSEQ", "Sequence Number", "integer"),
        Variable("CMTRT", "Reported Name of Drug, Med, or Therapy"),
        Variable("CMDECOD", "Standardized Medication Name", required=True),
        Variable("CMCAT", "Category for Medication"),
        _flag(
            "RESCFL",
            "Rescue Therapy Flag",
            "Counts within the window after rescue do not count as response; not in ADaM.",
        ),
        _day("ASTDY", "Analysis Start Relative Day", required=True),
        _day("AENDY", "Analysis End Relative Day", description="Missing while the therapy lasts."),
        Variable("ASTDT", "Analysis Start Date", "date"),
        Variable("AENDT", "Analysis End Date", "date"),
    ),
)

ADTTE = Dataset(
    name="ADTTE",
    label="Time to Event Analysis Dataset",
    structure="one row per patient and parameter",
    key=("USUBJID", "PARAMCD"),
    order=("PARAMCD", "USUBJID"),
    references=IN_ADSL,
    variables=(
        STUDYID,
        USUBJID,
        Variable("PARAMCD", "Parameter Code", required=True, filled=True),
        Variable("PARAM", "Parameter"),
        Variable("AVAL", "Analysis Value", "number", required=True, condition="isfinite(AVAL)"),
        Variable("AVALU", "Analysis Value Unit", description="DAYS where it is missing."),
        Variable(
            "CNSR",
            "Censor",
            "integer",
            required=True,
            condition="CNSR >= 0",
            description="0 is the event; every other number a reason for censoring.",
        ),
        Variable("EVNTDESC", "Event or Censoring Description"),
        Variable("STARTDT", "Time to Event Origin Date for Subject", "date"),
        Variable("ADT", "Analysis Date", "date"),
    ),
)

ADRS = Dataset(
    name="ADRS",
    label="Response Analysis Dataset",
    structure="one row per patient, parameter and visit",
    key=("USUBJID", "PARAMCD", "AVISITN", "ADY"),
    order=("PARAMCD", "USUBJID", "ADY", "AVISITN"),
    references=IN_ADSL,
    key_where_present=("ASEQ", "RSSEQ"),
    variables=(
        STUDYID,
        USUBJID,
        Variable("PARAMCD", "Parameter Code", required=True, filled=True),
        Variable("PARAM", "Parameter"),
        Variable("AVAL", "Analysis Value", "number", condition="isfinite(AVAL)"),
        Variable("AVALC", "Analysis Value (C)"),
        Variable("AVISIT", "Analysis Visit"),
        Variable("AVISITN", "Analysis Visit (N)", "number"),
        _day("ADY", "Analysis Relative Day"),
        Variable("ADT", "Analysis Date", "date"),
        _flag("ANL01FL", "Analysis Flag 01"),
        Variable("ASEQ", "Analysis Sequence Number", "integer"),
    ),
)

DATASETS: Final[Mapping[str, Dataset]] = {
    d.name: d for d in (ADSL, ADLB, ADAE, ADEX, ADCM, ADTTE, ADRS)
}


def arrow_schema(dataset: Dataset, names: Iterable[str] | None = None) -> pa.Schema:
    """The Arrow schema of a dataset: types, and label and unit in each field's metadata.

    names: the columns wanted, in that order; every declared variable where None.
    Raises KeyError for a name that is not declared.
    """
    variables = dataset.variables if names is None else [dataset[name] for name in names]
    fields = [
        pa.field(
            v.name,
            ARROW[v.type],
            nullable=not v.filled,
            metadata={"label": v.label} | ({"unit": v.unit} if v.unit else {}),
        )
        for v in variables
    ]
    return pa.schema(fields, metadata={"dataset": dataset.name, "label": dataset.label})


def violations(
    dataset: Dataset, source: Source, others: Mapping[str, Source] | None = None
) -> list[Finding]:
    """What is wrong with a table, in the order of the contract; empty if nothing is.

    source: an Arrow table, or the path of a Parquet file (then read as the application reads it).
    others: the datasets that this one refers to, by name; a reference whose dataset is not given
    is not checked. Text of blanks only counts as missing.
    """
    with duckdb.connect() as connection:
        _attach(connection, "source", source)
        for name, other in (others or {}).items():
            _attach(connection, name, other)
        return violations_in(connection, dataset, "source", set(others or ()))


def violations_in(
    connection: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    table: str,
    known: Collection[str] = (),
) -> list[Finding]:
    """The same of a table or view of a database; `known` are the datasets that lie there by name.

    The caller's connection says how much memory may be used.
    """
    examined = _Table(dataset, connection, table)
    return [
        *examined.missing_columns(),
        *examined.wrong_types(),
        *examined.wrong_values(),
        *examined.duplicates(),
        *examined.orphans(known),
    ]


def _attach(connection: duckdb.DuckDBPyConnection, name: str, source: Source) -> None:
    if isinstance(source, pa.Table):
        connection.register(name, source)
    else:
        connection.from_parquet(glob.escape(os.fspath(source))).create_view(name)


class _Table:
    """A table under examination: a table or view of a connection."""

    def __init__(
        self, dataset: Dataset, connection: duckdb.DuckDBPyConnection, name: str = "source"
    ) -> None:
        self.dataset = dataset
        self.connection = connection
        self.name = name
        source = connection.table(name)
        self.types = {
            name: str(kind) for name, kind in zip(source.columns, source.types, strict=True)
        }

    def sound(self, name: str) -> bool:
        """Whether the column is there and of the declared type, so that its values can be read."""
        return self.types.get(name) == DUCKDB[self.dataset[name].type]

    def finding(
        self, variable: str, rule: str, advice: str, rows: int = 0, where: str = ""
    ) -> Finding:
        patients: tuple[str, ...] = ()
        if where and "USUBJID" in self.types:
            patients = self._first("USUBJID", where)
        values: tuple[str, ...] = ()
        if where and rule == "value not allowed":
            values = self._first(variable, where)
        return Finding(self.dataset.name, variable, rule, rows, patients, advice, values)

    def _first(self, variable: str, where: str) -> tuple[str, ...]:
        """The first few values of a variable in the rows concerned."""
        found = self.connection.execute(
            f"select distinct {variable}::varchar as value from {self.name} where {where} "
            "order by value limit 3"
        ).fetchall()
        return tuple(value for (value,) in found if value)

    def missing_columns(self) -> list[Finding]:
        upper = {name.upper(): name for name in self.types}
        findings = []
        for v in self.dataset.variables:
            if v.name in self.types:
                continue
            if v.name in upper:
                advice = f"Rename the column {upper[v.name]} to {v.name}."
                findings.append(self.finding(v.name, "column name not in capitals", advice))
            elif v.required:
                advice = f"Add the column {v.name} ({v.label}, {v.type})."
                findings.append(self.finding(v.name, "required column missing", advice))
        for names in self.dataset.one_of:
            if not any(name in upper for name in names):
                advice = f"Add at least one of the columns {', '.join(names)}."
                findings.append(self.finding(" or ".join(names), "required column missing", advice))
        return findings

    def wrong_types(self) -> list[Finding]:
        declared = {v.name: DUCKDB[v.type] for v in self.dataset.variables}
        findings = []
        for name, kind in self.types.items():
            wanted = declared.get(name, "DOUBLE" if kind.startswith("DECIMAL") else kind)
            if kind != wanted:
                advice = f"Write it as {wanted}; it is {kind}."
                findings.append(self.finding(name, "wrong type", advice))
        return findings

    def wrong_values(self) -> list[Finding]:
        """Missing values, values not allowed and conditions not met, counted in one scan."""
        rules = [
            rule for v in self.dataset.variables if self.sound(v.name) for rule in _value_rules(v)
        ]
        if not rules:
            return []
        counts = self.connection.execute(
            "select "
            + ", ".join(f"count(*) filter (where {r.where})" for r in rules)
            + f" from {self.name}"
        ).fetchall()[0]
        return [
            self.finding(r.variable, r.rule, r.advice, rows, r.where)
            for r, rows in zip(rules, counts, strict=True)
            if rows
        ]

    def duplicates(self) -> list[Finding]:
        """Rows that share their key with another; missing values of a key count as equal."""
        key = (
            *self.dataset.key,
            *(name for name in self.dataset.key_where_present if name in self.types),
        )
        if not all(name in self.types for name in key):
            return []
        # By hash first: it takes little memory, and a table mostly has no duplicate at all.
        hashed = f"hash({', '.join(key)})"
        suspects = f"select {hashed} as h from {self.name} group by all having count(*) > 1"
        rows, patients = self.connection.execute(
            "select coalesce(sum(n), 0), "
            "list(distinct USUBJID::varchar order by USUBJID::varchar)[:3] from "
            f"(select USUBJID, count(*) as n from {self.name} where {hashed} in ({suspects}) "
            f"group by {', '.join(key)} having n > 1)"
        ).fetchall()[0]
        if not rows:
            return []
        named = tuple(patient for patient in patients if patient)
        advice = "Keep one row for each combination of these variables."
        variable = " + ".join(key)
        return [Finding(self.dataset.name, variable, "duplicate key", int(rows), named, advice)]

    def orphans(self, known: Collection[str]) -> list[Finding]:
        findings = []
        for r in self.dataset.references:
            if r.dataset not in known or r.variable not in self.types:
                continue
            where = (
                f"{r.variable} is not null and not exists (select 1 from {r.dataset} as other "
                f"where other.{r.variable} = {self.name}.{r.variable})"
            )
            if rows := self._count(where):
                advice = f"Add these patients to {r.dataset}, or leave their rows out."
                findings.append(
                    self.finding(r.variable, f"not in {r.dataset}", advice, rows, where)
                )
        return findings

    def _count(self, where: str) -> int:
        row = self.connection.execute(f"select count(*) from {self.name} where {where}").fetchone()
        return int(row[0]) if row else 0


@dataclass(frozen=True)
class _Rule:
    """A rule on the values of one column; `where` finds the rows that break it."""

    variable: str
    rule: str
    where: str
    advice: str


def _value_rules(v: Variable) -> list[_Rule]:
    value = f"nullif(trim({v.name}), '')" if v.type == "text" else v.name
    rules = []
    if v.filled:
        advice = "Give every row a value, or leave the row out."
        rules.append(_Rule(v.name, "required value missing", f"{value} is null", advice))
    if v.allowed:
        values = ", ".join(f"'{a}'" if isinstance(a, str) else str(a) for a in v.allowed)
        listed = ", ".join(str(a) for a in v.allowed)
        where = f"{value} is not null and {value} not in ({values})"
        advice = f"Use one of {listed}, or leave it missing."
        rules.append(_Rule(v.name, "value not allowed", where, advice))
    if v.condition:
        advice = f"Correct the values so that {v.condition}, or leave them missing."
        rules.append(_Rule(v.name, "value not allowed", f"not ({v.condition})", advice))
    return rules


def markdown(dataset: Dataset) -> str:
    """The table of a dataset's variables, in Markdown, one row per variable."""

    def allowed(v: Variable) -> str:
        return ", ".join(str(a) for a in v.allowed) or v.condition.replace("<>", "not")

    def needed(v: Variable) -> str:
        return "every row" if v.filled else "column" if v.required else ""

    header = ("Variable", "Label", "Type", "Unit", "Allowed", "Required", "Notes")
    rows: Sequence[tuple[str, ...]] = [
        (f"`{v.name}`", v.label, v.type, v.unit, allowed(v), needed(v), v.description)
        for v in dataset.variables
    ]
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def with_tables(text: str) -> str:
    """The text with every block `<!-- contract: NAME -->` ... `<!-- end -->` made anew."""

    def block(match: re.Match[str]) -> str:
        table = markdown(DATASETS[match["name"]])
        return f"<!-- contract: {match['name']} -->\n{table}\n<!-- end -->"

    pattern = r"<!-- contract: (?P<name>\w+) -->\n.*?<!-- end -->"
    return re.sub(pattern, block, text, flags=re.DOTALL)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        page = Path(argument)
        page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
