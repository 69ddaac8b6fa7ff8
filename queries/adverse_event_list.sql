-- The adverse events behind one cell of a heatmap, under the same event filters. Grain: event.
-- $class, $term, $cell_group and $patient select the cell; null selects all.
-- Unit: study days, CTCAE grade.
select
    group_label,
    USUBJID,
    AEBODSYS,
    AEDECOD,
    AETOXGR,
    AESEV,
    AESER,
    AEREL,
    TRTEMFL,
    ASTDY,
    AENDY,
    AEOUT
from event
where
    ($class is null or AEBODSYS = $class)
    and ($term is null or AEDECOD = $term)
    and ($cell_group is null or group_label = $cell_group)
    and ($patient is null or USUBJID = $patient)
order by group_order, group_label, USUBJID, ASTDY, AESEQ
