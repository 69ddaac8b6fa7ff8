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

from data.contract.check import violations, violations_in
from data.contract.datasets import DATASETS
from data.contract.endpoints import ADRS, ADTTE
from data.contract.events import ADAE, SEVERITIES
from data.contract.finding import Finding
from data.contract.laboratory import ADLB
from data.contract.schema import arrow_schema
from data.contract.shape import ARROW, DUCKDB, Dataset, Reference, Type, Variable
from data.contract.subjects import ADSL
from data.contract.tables import markdown, with_tables
from data.contract.therapy import ADCM, ADEX
from data.contract.variables import FLAG

__all__ = [
    "ADAE",
    "ADCM",
    "ADEX",
    "ADLB",
    "ADRS",
    "ADSL",
    "ADTTE",
    "ARROW",
    "DATASETS",
    "DUCKDB",
    "FLAG",
    "SEVERITIES",
    "Dataset",
    "Finding",
    "Reference",
    "Type",
    "Variable",
    "arrow_schema",
    "markdown",
    "violations",
    "violations_in",
    "with_tables",
]
