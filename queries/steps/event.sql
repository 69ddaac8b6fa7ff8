-- Adverse events of the selected patients that pass the event filters. Grain: event.
-- Unit: grade is the CTCAE grade, 1 to 5, or with $scale = 'severity' 1 mild to 5 fatal, and null
-- if not recorded; neither is derived from the other. ASTDY and AENDY are study days; week 1 is
-- days 1 to 7. Event filters change only numerators: the denominator is that of `population`.
with graded as (
    select
        reported_event.*,
        case
            when $scale = 'severity'
                then
                    nullif(
                        list_position(
                            ['MILD', 'MODERATE', 'SEVERE', 'LIFE THREATENING', 'FATAL'],
                            upper(reported_event.AESEV)
                        ),
                        0
                    )
            else reported_event.AETOXGR
        end as grade
    from reported_event
)

select
    graded.USUBJID,
    graded.AESEQ,
    coalesce(graded.AEBODSYS, '(not coded)') as AEBODSYS,
    coalesce(graded.AEDECOD, '(not coded)') as AEDECOD,
    graded.AETERM,
    graded.grade,
    graded.AETOXGR,
    graded.AESEV,
    graded.AESER,
    graded.AEREL,
    graded.AEOUT,
    graded.ASTDY,
    graded.AENDY,
    graded.TRTEMFL,
    population.group_label,
    population.group_order
from graded
inner join population using (USUBJID)
where
    (not $only_emergent or graded.TRTEMFL = 'Y')
    and (not $only_serious or graded.AESER = 'Y')
    and (not $only_related or list_contains($related, graded.AEREL))
    and ($min_grade = 0 or graded.grade >= $min_grade)
    and ($onset_from = 0 or ceil(graded.ASTDY / cast(7.0 as double)) >= $onset_from)
    and ($onset_to = 0 or ceil(graded.ASTDY / cast(7.0 as double)) <= $onset_to)
    and (
        $search = ''
        or contains(lower(coalesce(graded.AEDECOD, '')), lower($search))
        or contains(lower(coalesce(graded.AEBODSYS, '')), lower($search))
    )
