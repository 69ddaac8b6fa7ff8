-- The denominators: selected patients by group. Grain: group. Unit: patients.
select
    group_label,
    min(group_order) as group_order,
    count(*) as n_patients
from population
group by group_label
order by group_order, group_label
