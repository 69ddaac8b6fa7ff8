-- Baseline characteristics of the selected patients, by group and overall.
-- Grain: line, value, group; a value that no patient of a group has is absent for that group.
-- Unit: n patients with the value; n_known patients in whom it is known whether they have it (for a
-- category: the patients of that row, and none in the row of missing values); median, minimum and
-- maximum in the unit of the line.
-- baseline_value: one row per selected patient and line, as text or as a number.
with sizes as (
    select
        grouping(group_label) = 1 as is_overall,
        group_label,
        min(group_order) as group_order,
        count(*) as n_patients
    from population
    group by grouping sets ((group_label), ())
),

cells as (
    select
        baseline_value.line,
        baseline_value.line_label,
        baseline_value.kind,
        if(baseline_value.kind = 'number', null, baseline_value.value) as value,
        grouping(population.group_label) = 1 as is_overall,
        population.group_label,
        count(*) filter (where baseline_value.is_in) as n,
        count(*) filter (where baseline_value.is_known) as n_known,
        quantile_cont(baseline_value.number, 0.5) as median,
        min(baseline_value.number) as minimum,
        max(baseline_value.number) as maximum
    from baseline_value
    inner join population using (USUBJID)
    group by grouping sets (
        (
            baseline_value.line, baseline_value.line_label, baseline_value.kind,
            if(baseline_value.kind = 'number', null, baseline_value.value), population.group_label
        ),
        (
            baseline_value.line, baseline_value.line_label, baseline_value.kind,
            if(baseline_value.kind = 'number', null, baseline_value.value)
        )
    )
)

select
    cells.line,
    cells.line_label,
    cells.kind,
    cells.value,
    sizes.is_overall,
    coalesce(sizes.group_label, 'All patients') as group_label,
    sizes.group_order,
    sizes.n_patients,
    cells.n,
    cells.n_known,
    cells.median,
    cells.minimum,
    cells.maximum
from cells
inner join sizes
    on
        cells.is_overall = sizes.is_overall
        and cells.group_label is not distinct from sizes.group_label
order by cells.line, cells.value, sizes.is_overall, sizes.group_order, sizes.group_label
