"""A `study.toml` and a `facts.toml` that hold every key there is, and a way to misspell each."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

STUDY = """
STUDYID = "S"
name = "Short"
title = "Long"
citation = "Paper"
doi = "10.1/1"
registration = "NCT1"
site = "Here"
enrolment = "2020"
design = "open"
schedule = "weekly"
data_cut = "2024"
simulated = "Made up"

[treatment]
name = "Cells"
dose_unit = "mg"
given_as = "infusion"
infusion_days = [1, 8]

[[cohort]]
COHORT = "Low"
dose = 0.5
phase = "First"
note = "small"

[[group]]
key = "dose"
label = "Dose"
variable = "DOSE01A"
order = "DOSE01A"
unit = "mg"
decimals = 1
note = "as given"

[[filter]]
key = "sex"
label = "Sex"
variable = "SEX"
kind = "choice"
order = "SEX"
unit = "none"
decimals = 0
values = { F = "Female" }

[[analysis_set]]
key = "treated"
label = "Treated"
variable = "SAFFL"
note = "everybody"

[laboratory]
parameter = "PLAT"
reference_lines = [30, 50]
baseline_rule = "the last"
baseline_type = "LAST"
window = 4
value_axis = "linear"
rescue_days = 56

[response]
default = "iwg2009"
assumption = "An assumption."
first_day = 2
last_day = 199
bleeding = "WHOBLEED"
late_visits = [18, 20, 22, 24, 26, 28]
last_weeks = [17, 28]

[adverse_events]
related = ["POSSIBLE"]
scale = "grade"

[[baseline]]
label = "Female"
variable = "SEX"
kind = "flag"
value = "F"
simulated = false

[[flow]]
label = "Treated"
where = { SAFFL = "Y" }
side = false
simulated = true

[provenance]
imported = "2024-01-01"
source = "folder"
manifest = "manifest.json"
report = "report.json"

[map]
encoding = "utf-8"
treatment = "planned"
unknown_patients = "leave out"
files = { "labs.csv" = "ADLB" }
ADLB = { AVAL = "RESULT" }
ADAE = { AEREL = "" }
ADEX = { EXDOSE = false }
ADCM = { RESCFL = { value = "Y" } }
ADTTE = { AVAL = "DAYS" }
ADRS = { AVALC = "RESPONSE" }

[map.ADSL]
PHASE = { from = "COHORT", values = { a = "First" }, other = "Second" }
"""

FACTS = """
not_public = ["Everything else."]

[source]
id = "NCT1"
title = "Long"
citation = "Paper"
doi = "10.1/1"
site = "Here"

[[fact]]
id = "female"
of = "women"
value = 3
n = 4
percent = 75.0
status = "published"
source = "Paper"
sql = "select 3 as value, 4 as n"
"""

# Tables whose keys are those of the data, so that none of them can be misspelt.
FREE = {"values", "where", "files"}
MAPPED = {"ADSL", "ADLB", "ADAE", "ADEX", "ADCM", "ADTTE", "ADRS"}

Way = tuple[str | int, ...]


def keys(document: dict[str, Any], way: Way = ()) -> Iterator[Way]:
    """The way to every key of a document that has a fixed name."""
    for key, value in document.items():
        here = (*way, key)
        if way[-1:] and way[-1] in MAPPED:
            pass  # a variable, not a key
        else:
            yield here
        if key in FREE:
            continue
        if isinstance(value, dict):
            yield from keys(value, here)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for index, item in enumerate(value):
                yield from keys(item, (*here, index))


def place(way: Way) -> str:
    """The way to a key as a problem names it."""
    *before, key = way
    if not before:
        return str(key)
    if isinstance(before[-1], int):
        return f"[[{'.'.join(map(str, before[:-1]))}]] {before[-1] + 1}, {key}"
    return f"[{'.'.join(map(str, before))}] {key}"


def renamed(document: dict[str, Any], way: Way, name: str) -> dict[str, Any]:
    """The document with one key called something else."""
    result = copy.deepcopy(document)
    table: Any = result
    for step in way[:-1]:
        table = table[step]
    table[name] = table.pop(way[-1])
    return result


def misspelt(key: str) -> Iterator[str]:
    """Ways to misspell a key: a letter twice, a letter missing, two letters exchanged, capitals."""
    yield key + key[-1]
    if len(key) > 3:
        yield key[:2] + key[3:]
        yield key[:-2] + key[-1] + key[-2]
    yield key.upper() if key != key.upper() else key.lower()
