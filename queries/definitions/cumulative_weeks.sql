-- One row per selected patient. Grain: USUBJID. Unit: onset in study days, measure in weeks.
--
-- order = 60
-- label = "Cumulative weeks ≥ 50 and ≥ 2 × baseline"
-- words = """
-- Cumulative weeks with a count ≥ 50 and ≥ 2 × baseline (as for eltrombopag). Each such count lasts
-- until the next count, at most 7 days; counts after rescue add no time. A response is $weeks weeks
-- or more: this threshold is this app's, not a published one."""
-- evaluable = "at least one count outside rescue windows, and a baseline"
-- measure = "cumulative weeks"
--
-- [parameter.weeks]
-- label = "Weeks needed"
-- help = "How many cumulative weeks make a response"
-- default = 4
-- low = 1
-- high = 28
with timed as (
    select
        USUBJID,
        ADY,
        after_rescue,
        BASE,
        not after_rescue and AVAL >= 50 and AVAL >= 2 * BASE as is_response,
        least(
            coalesce(
                lead(ADY) over (
                    partition by USUBJID
                    order by ADY asc, AVISITN asc nulls first, AVAL asc
                ) - ADY,
                7
            ),
            7
        ) as days
    from assessed_count
),

patients as (
    select
        USUBJID,
        bool_or(not after_rescue and BASE is not null) as evaluable,
        coalesce(sum(days) filter (where is_response), 0) / cast(7.0 as double) as weeks,
        min(ADY) filter (where is_response) as first_response
    from timed
    group by USUBJID
)

select
    population.USUBJID,
    coalesce(patients.evaluable, false) as evaluable,
    coalesce(patients.weeks >= $weeks, false) as responder,
    cast(null as boolean) as complete,
    if(patients.weeks >= $weeks, patients.first_response, null) as onset,
    patients.weeks as measure
from population
left join patients using (USUBJID)
