-- Patients by cohort, in the order of the cohorts. Grain: COHORT. Unit: selected patients.
select
    COHORT as group_label,
    min(COHORTN) as group_order,
    count(*) as n_patients
from population
where COHORT is not null
group by COHORT
order by group_order, group_label
