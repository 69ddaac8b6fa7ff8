-- How many records of a laboratory parameter are left out of the time course, and why.
-- Grain: one row. Unit: records. Of n_records, each one left out is counted under the first reason
-- that applies: n_missing (no value), n_other_baseline (another BASETYPE), n_other_time (another
-- time point), n_beyond_limit (with $limits = 'excluded' only), n_derived, n_repeats, n_unflagged,
-- n_unscheduled (by visit only), n_without_baseline (change and fold change only), n_beside
-- (another record of the patient represents the same visit or week). Of the records that are not
-- left out for any reason but the last, n_below_limit and n_above_limit are beyond a limit ("<10",
-- ">1000").
with reasons as (
    select
        case
            when is_missing then 'missing'
            when is_other_baseline then 'other baseline'
            when is_other_time then 'other time'
            when $limits = 'excluded' and (is_below_limit or is_above_limit) then 'beyond limit'
            when is_derived and not $with_derived then 'derived'
            when is_repeat and not $with_repeats then 'repeat'
            when $only_flagged and not is_flagged then 'unflagged'
            when
                $axis = 'visit'
                and (AVISITN is null or not (is_scheduled or $with_unscheduled))
                then 'unscheduled'
            when $measure in ('change', 'fold') and BASE is null then 'baseline'
            when $measure = 'fold' and BASE = 0 then 'baseline'
        end as reason,
        is_below_limit,
        is_above_limit
    from record
),

drawn as (
    select count(*) as n_drawn
    from point
)

select
    count(*) as n_records,
    count(*) filter (where reasons.reason = 'missing') as n_missing,
    count(*) filter (where reasons.reason = 'other baseline') as n_other_baseline,
    count(*) filter (where reasons.reason = 'other time') as n_other_time,
    count(*) filter (where reasons.reason = 'beyond limit') as n_beyond_limit,
    count(*) filter (where reasons.reason = 'derived') as n_derived,
    count(*) filter (where reasons.reason = 'repeat') as n_repeats,
    count(*) filter (where reasons.reason = 'unflagged') as n_unflagged,
    count(*) filter (where reasons.reason = 'unscheduled') as n_unscheduled,
    count(*) filter (where reasons.reason = 'baseline') as n_without_baseline,
    count(*) filter (where reasons.reason is null)
    - coalesce(any_value(drawn.n_drawn), 0) as n_beside,
    count(*) filter (where reasons.reason is null and reasons.is_below_limit) as n_below_limit,
    count(*) filter (where reasons.reason is null and reasons.is_above_limit) as n_above_limit
from reasons
cross join drawn
