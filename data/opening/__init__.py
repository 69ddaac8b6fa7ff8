"""What a study's data must hold for its `study.toml` to be right.

Checked when a study is imported, and each time it is opened. Only what would make a figure wrong or
broken is refused: a variable that ADSL does not have, a flag or a value that no patient can have, a
parameter without records. A value that may still come, as the data of a running trial grow, is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from data.opening import events, laboratory, patients
from data.opening.ask import Ask
from data.study import Study
from data.study_file import Problem

__all__ = ["Ask", "problems"]


def problems(study: Study, ask: Ask, variables: Collection[str], file: str) -> Iterator[Problem]:
    """Everything that `study.toml` names and the data do not hold.

    variables: those of ADSL. file: what the problems call the file.
    """
    yield from patients.problems(study, ask, variables, file)
    yield from laboratory.problems(study, ask, file)
    yield from events.problems(study, ask, file)
