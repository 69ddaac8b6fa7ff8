-- The worst grade of each preferred term in each selected patient. Grain: patient and AEDECOD; a
-- patient without an event has one row, with AEDECOD null. AEBODSYS lists every system organ class
-- that the term is coded to. Unit: grade as in the event step, null if none was recorded; events.
with worst as (
    select
        USUBJID,
        string_agg(distinct AEBODSYS, '; ' order by AEBODSYS) as AEBODSYS,
        AEDECOD,
        max(grade) as worst,
        count(*) as n_events,
        count(*) filter (where grade is null) as n_ungraded,
        coalesce(bool_or(AESER = 'Y'), false) as is_serious
    from event
    group by USUBJID, AEDECOD
)

select
    population.group_label,
    population.group_order,
    population.USUBJID,
    worst.AEBODSYS,
    worst.AEDECOD,
    worst.worst,
    worst.n_events,
    worst.n_ungraded,
    worst.is_serious
from population
left join worst using (USUBJID)
order by
    population.group_order,
    population.group_label,
    population.USUBJID,
    worst.AEDECOD
