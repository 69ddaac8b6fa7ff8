-- How many patients each option of each filter has under all the other filters.
-- Grain: filter and value (one row per value; a range filter has one row, its value is null).
-- Unit: patients, for a range filter those with a value; low and high in the unit of the variable.
-- filter_value: one row per patient of the analysis set and filter, with whether the patient passes.
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
    count(*) filter (
        where failing.n_failing - cast(not filter_value.passes as integer) = 0
    ) as n,
    count(*) as n_all
from filter_value
inner join failing using (USUBJID)
where coalesce(filter_value.option_value, cast(filter_value.number as varchar)) is not null
group by filter_value.filter_key, filter_value.option_value
order by filter_value.filter_key, option_order, filter_value.option_value
