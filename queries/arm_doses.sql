-- The groups of patients in their order, each with its dose. Grain: group. Unit: patients; DOSE01A
-- in the study's dose unit, null where the patients of a group have none or several.
select
    group_label,
    min(group_order) as group_order,
    count(*) as n_patients,
    if(count(distinct DOSE01A) = 1 and count(DOSE01A) = count(*), min(DOSE01A), null) as DOSE01A
from population
group by group_label
order by group_order, group_label
