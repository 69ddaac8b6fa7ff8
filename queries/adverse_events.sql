-- Patients with adverse events, by system organ class, preferred term and group.
-- Grain: line, AEBODSYS, AEDECOD, group (is_overall: all groups together); cells without an event
-- are included with 0. Unit: n patients, each counted once; n_events events; n_ungraded events
-- without a grade; n_patients the denominator, from the population; worst the highest grade.
with cells as (
    select
        case grouping(AEBODSYS, AEDECOD)
            when 0 then 'term'
            when 1 then 'class'
            else 'any'
        end as line,
        AEBODSYS,
        AEDECOD,
        grouping(group_label) = 1 as is_overall,
        group_label,
        count(distinct USUBJID) as n,
        count(*) as n_events,
        count(*) filter (where grade is null) as n_ungraded,
        max(grade) as worst
    from event
    group by grouping sets (
        (AEBODSYS, AEDECOD, group_label), (AEBODSYS, AEDECOD),
        (AEBODSYS, group_label), (AEBODSYS),
        (group_label), ()
    )
),

denominators as (
    select
        grouping(group_label) = 1 as is_overall,
        group_label,
        min(group_order) as group_order,
        count(*) as n_patients
    from population
    group by grouping sets ((group_label), ())
),

lines as (
    select distinct
        line,
        AEBODSYS,
        AEDECOD
    from cells
)

select
    lines.line,
    lines.AEBODSYS,
    lines.AEDECOD,
    denominators.is_overall,
    coalesce(denominators.group_label, 'All patients') as group_label,
    denominators.group_order,
    coalesce(cells.n, 0) as n,
    denominators.n_patients,
    coalesce(cells.n_events, 0) as n_events,
    coalesce(cells.n_ungraded, 0) as n_ungraded,
    cells.worst
from lines
cross join denominators
left join cells
    on
        lines.line = cells.line
        and lines.AEBODSYS is not distinct from cells.AEBODSYS
        and lines.AEDECOD is not distinct from cells.AEDECOD
        and denominators.is_overall = cells.is_overall
        and denominators.group_label is not distinct from cells.group_label
order by
    lines.line,
    lines.AEBODSYS,
    lines.AEDECOD,
    denominators.is_overall,
    denominators.group_order,
    denominators.group_label
