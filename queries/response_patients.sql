-- The response of each selected patient by the chosen definition. Grain: USUBJID.
-- Unit: onset in study days; measure in the unit that the definition declares.
select
    population.group_label,
    population.group_order,
    response.USUBJID,
    response.evaluable,
    response.responder,
    response.complete,
    response.onset,
    response.measure
from response
inner join population using (USUBJID)
order by
    population.group_order asc,
    population.group_label asc,
    response.complete desc nulls last,
    response.responder desc,
    response.evaluable desc,
    response.onset asc,
    response.USUBJID asc
