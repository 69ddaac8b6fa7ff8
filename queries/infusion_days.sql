-- Study days on which the selected patients received the treatment. Grain: group and study day.
-- Unit: study days, patients.
select
    population.group_label,
    min(population.group_order) as group_order,
    adex.ASTDY as infusion_day,
    count(distinct adex.USUBJID) as n_patients
from adex
inner join population using (USUBJID)
where adex.ASTDY is not null
group by
    population.group_label,
    infusion_day
order by group_order, population.group_label, infusion_day
