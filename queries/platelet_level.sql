-- The platelet counts that patients began with, and those of all records. Grain: one row.
-- Unit: 10^9/L; baseline is the median over patients of their lowest BASE, level that of all AVAL;
-- null where there are none.
with patients as (
    select
        USUBJID,
        min(BASE) as baseline,
        median(AVAL) as level
    from adlb
    where PARAMCD = $paramcd
    group by USUBJID
)

select
    median(baseline) as baseline,
    median(level) as level
from patients
