"""Fills the caches with what each page shows first, so that no reader waits longer than the next.

It asks for the same values as the pages do, in the same way, and so meets what fails in them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial

from components.build import FigureError
from components.screen import store
from components.screen.pages import page_files
from components.view import View
from data.study import Study

LOG = logging.getLogger(__name__)


def failures() -> Iterator[str]:
    """Warm up the study that most links open; a sentence for each thing that fails.

    Its traceback is logged.
    """
    name = store.usual_study() or next(iter(store.study_names()), "")
    if not name:
        return
    try:
        study = store.study(name)
    except Exception as error:
        LOG.exception("warm-up")
        yield f"The study {name} cannot be opened: {error}"
        return
    for what, show in shown_first(study):
        try:
            show()
        except FigureError:
            # It does not apply to the study; its page says why.
            continue
        except Exception as error:
            LOG.exception("warm-up")
            yield f"Failed in warm-up: {what}: {type(error).__name__} {error}".rstrip()


def shown_first(study: Study) -> Iterator[tuple[str, Callable[[], object]]]:
    """What the pages show of a study before anything is chosen: its name, and how it is made."""
    view = View(study.id)
    yield "filters", partial(store.offered, study, view.selection)
    yield "number of patients", partial(store.patient_counts, study, view.selection)
    for page in page_files():
        for figure in page.figures:
            yield f"/{page.url_path}, figure {figure}", partial(figure_as_sent, study, figure)
    yield "published numbers", partial(store.reconciliation, study)
    yield "data files", partial(store.data_files, study)
    yield "list of studies", store.study_rows


def figure_as_sent(study: Study, name: str) -> str:
    """A figure as the browser gets it."""
    return str(store.built(study, name, View(study.id)).figure.to_json())
