-- Patients with any treatment-emergent and any serious adverse event, by group and overall.
-- Grain: group, and one row overall. Unit: patients; the denominator n_patients is every selected
-- patient, with or without events.
with events as (
    select
        USUBJID,
        bool_or(TRTEMFL = 'Y') as any_emergent,
        bool_or(AESER = 'Y') as any_serious
    from reported_event
    group by USUBJID
)

select
    grouping(population.group_label) = 1 as is_overall,
    coalesce(population.group_label, 'All patients') as group_label,
    min(population.group_order) as group_order,
    count(*) as n_patients,
    count(*) filter (where events.any_emergent) as n_emergent,
    count(*) filter (where events.any_serious) as n_serious
from population
left join events using (USUBJID)
group by grouping sets ((population.group_label), ())
order by is_overall, group_order, group_label
