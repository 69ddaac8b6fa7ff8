"""ADLB: which parameter is the platelet count, units, the order of visits, and the baseline."""

from __future__ import annotations

from data.ingest.laboratory import baseline, limits, platelets, units_given, visits
from data.ingest.work import Work


def complete(work: Work) -> str:
    """Fill in by rule what the app needs of ADLB; the PARAMCD of the platelet count, or ""."""
    limits.complete(work)
    visits.complete(work)
    baseline.complete(work)
    parameter = platelets.parameter(work)
    if parameter:
        units_given.convert_platelets(work, parameter)
        platelets.check_observed(work, parameter)
    units_given.leave_out_mixed(work, parameter)
    return parameter
