"""What stands around every figure: selection, analysis set, data cut-off, source, "simulated"."""

from __future__ import annotations

import pandas as pd

from components.drawing.finish import empty_figure
from components.drawing.text import width
from components.drawing.theme import WIDTH
from components.escape import plotly_text
from components.figure import Drawing, Summary
from components.population import Population
from components.wording import count_text, unit_text
from data.study import Study
from queries.engine.selection import Selection, words


def selected(population: Population) -> str:
    """The selected patients of those in the analysis set: "12 of 18 patients"."""
    return f"{population.n} of {population.n_all} patients"


def subtitle(summary: Summary, population: Population) -> str:
    """The line under the title, with the grouping and the selection where that acts."""
    if not summary.filtered:
        return summary.subtitle
    parts = [summary.subtitle, _by(population), selected(population)]
    line = " · ".join(part for part in parts if part)
    chosen = [unit_text(part) for part in words(population.study, population.selection)]
    if not chosen:
        return line
    whole = f"{line} · {'; '.join(chosen)}"
    # What does not fit on the line is named in the footnote, which is as long as it has to be.
    if width(whole, 13) > WIDTH - 40:
        whole = f"{line} · {count_text(len(chosen), 'filter')}, named below"
    return whole


def _by(population: Population) -> str:
    """ "by dose (10^6 cells/kg)": heads of dose columns are bare numbers, others speak."""
    grouping = population.grouping
    if grouping is None or not (grouping.unit or grouping.key == "dose"):
        return ""
    unit = f" ({unit_text(grouping.unit)})" if grouping.unit else ""
    return f"by {grouping.label.lower()}{unit}"


def footnote(summary: Summary, population: Population) -> tuple[str, ...]:
    """The notes of the figure, and the lines that stand under every figure."""
    study = population.study
    lines = list(summary.notes)
    if summary.filtered:
        if population.grouping is not None and population.grouping.note:
            lines.append(f"{population.grouping.label}: {population.grouping.note}")
        lines.append(_acting(population))
    source = "Simulated from the published totals of" if study.simulated else "Source:"
    source += f" {study.id}" + (f"; {study.citation}" if study.citation else "")
    lines.append(f"{source}. Data cut-off: {study.data_cut or 'not stated'}.")
    if study.simulated:
        lines.append(f"{study.simulated}.")
    return tuple(lines)


def _acting(population: Population) -> str:
    """The filters and the analysis set that act on the figure."""
    study, selection = population.study, population.selection
    chosen = "; ".join(unit_text(part) for part in words(study, selection)) or "none"
    analysis_set = study.analysis_set(selection.analysis_set)
    note = f", {analysis_set.note}" if analysis_set.note else ""
    return (
        f"Filters: {chosen}. {selected(population)}. Analysis set: {analysis_set.label} "
        f"({analysis_set.variable} = Y{note})."
    )


def alternative(summary: Summary, population: Population) -> str:
    """The text alternative: title, what the figure shows, and of how many patients."""
    sentences = f"{summary.title}. {summary.alt.rstrip('.')}."
    return f"{sentences} {selected(population)}." if summary.filtered else sentences


def nobody(title: str, study: Study, selection: Selection) -> Summary:
    """What is shown where the filters leave nobody: which they are, and no error."""
    chosen = "; ".join(unit_text(part) for part in words(study, selection)) or "the analysis set"
    text = f"No patient passes all of these filters: {chosen}. Lift one of them to see the figure."
    return Summary(
        title=title, subtitle="", alt=text, table=pd.DataFrame({"note": [text]}), nothing=text
    )


def sentence(summary: Summary) -> Drawing:
    """The sentence that stands in place of a drawing where there is nothing to draw."""
    return Drawing(empty_figure(plotly_text(summary.nothing)))
