-- Summary statistics of a laboratory parameter over time. Grain: group and slot (visit or week).
-- Unit: n_patients in patients with a value; the statistics in the unit of $measure.
-- Quartiles interpolate linearly between order statistics (type 7). visit is the name of the visit,
-- or of the week with $axis = 'day'.
select
    group_label,
    min(group_order) as group_order,
    slot,
    if($axis = 'day', concat('Week ', cast(slot as integer)), min(AVISIT)) as visit,
    count(*) as n_patients,
    avg(point_value) as mean,
    stddev_samp(point_value) as sd,
    quantile_cont(point_value, 0.5) as median,
    quantile_cont(point_value, 0.25) as q1,
    quantile_cont(point_value, 0.75) as q3,
    min(point_value) as minimum,
    max(point_value) as maximum
from point
group by group_label, slot
order by group_order, group_label, slot
