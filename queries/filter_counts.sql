-- How many patients each option of each filter has under all the other filters.
-- Grain: filter and value; a range filter has one row, with option_value null.
-- Unit: patients; low and high in the unit of the variable. n: patients who pass the other filters
-- (for a range: and lie within it); n_all: patients with a value; n_missing: patients without one.
-- filter_value: one row per patient of the analysis set and filter, with whether the patient
-- passes.
with failing as (
    select
        USUBJID,
        count(*) filter (where not passes) as n_failing
    from filter_value
    group by USUBJID
)

select
    filter_value.filter_key,
    filter_value.option_value,
    min(filter_value.option_order) as option_order,
    min(filter_value.number) as low,
    max(filter_value.number) as high,
    count(coalesce(filter_value.option_value, cast(filter_value.number as varchar))) filter (
        where
        failing.n_failing = 0
        or (
            filter_value.option_value is not null
            and failing.n_failing = cast(not filter_value.passes as integer)
        )
    ) as n,
    count(coalesce(filter_value.option_value, cast(filter_value.number as varchar))) as n_all,
    count(*) filter (
        where filter_value.option_value is null and filter_value.number is null
    ) as n_missing
from filter_value
inner join failing using (USUBJID)
group by filter_value.filter_key, filter_value.option_value
order by filter_value.filter_key, option_order, filter_value.option_value
