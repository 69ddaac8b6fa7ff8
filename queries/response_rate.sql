-- Responders by group and overall, by the chosen definition. Grain: group, and one row overall
-- (is_overall). Unit: patients; n_patients is every selected patient, evaluable or not; n_complete
-- is null if the definition has no complete response.
select
    grouping(population.group_label) = 1 as is_overall,
    coalesce(population.group_label, 'All patients') as group_label,
    min(population.group_order) as group_order,
    count(*) as n_patients,
    count(*) filter (where response.evaluable) as n_evaluable,
    count(*) filter (where response.responder) as n_responders,
    -- Null for everybody if the definition has no complete response.
    if(
        max(count(response.complete)) over () > 0,
        count(*) filter (where response.complete),
        null
    ) as n_complete
from response
inner join population using (USUBJID)
group by grouping sets ((population.group_label), ())
order by is_overall, group_order, group_label
