-- Rescue therapies of the selected patients, each with the count that preceded it.
-- Grain: therapy. Unit: study days; AVAL of the last record on or before the first day of rescue,
-- null if there is none.
with ranked as (
    select
        rescue.USUBJID,
        rescue.CMDECOD,
        rescue.rescue_from,
        measurement.AVAL,
        measurement.BASE,
        population.group_label,
        population.group_order,
        row_number() over (
            partition by rescue.USUBJID, rescue.CMDECOD, rescue.rescue_from
            order by
                measurement.ADY desc nulls last,
                measurement.AVISITN desc nulls last,
                measurement.AVAL desc
        ) as record_rank
    from rescue
    inner join population using (USUBJID)
    left join measurement
        on
            rescue.USUBJID = measurement.USUBJID
            and rescue.rescue_from >= measurement.ADY
)

select
    USUBJID,
    CMDECOD,
    rescue_from,
    AVAL,
    BASE,
    group_label,
    group_order
from ranked
where record_rank = 1
order by group_order, group_label, USUBJID, rescue_from, CMDECOD
