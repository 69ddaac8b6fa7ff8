-- Patients by cohort, in the cohorts' order. Grain: COHORT. Unit: patients of the analysis set.
select
    COHORT as group_label,
    min(COHORTN) as group_order,
    count(*) as n_patients
from population
where COHORT is not null
group by COHORT
order by group_order, group_label
