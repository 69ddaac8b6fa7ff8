"""The figures, a file or a folder each. One that lies here is in the app: it has a `FIGURE`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from components.figure import AnyFigure, Figure


@cache
def figures() -> dict[str, AnyFigure]:
    """Every figure by name (the stem of its file or folder), in their order.

    Raises:
        TypeError: a file or folder of `components/figures` has no FIGURE.
    """
    by_name: dict[str, AnyFigure] = {}
    for info in pkgutil.iter_modules(__path__):
        figure = getattr(importlib.import_module(f"{__name__}.{info.name}"), "FIGURE", None)
        if not isinstance(figure, Figure):
            raise TypeError(f"components/figures/{info.name} has no FIGURE of the type Figure")
        by_name[info.name] = figure
    return dict(sorted(by_name.items(), key=lambda item: item[1].order))
