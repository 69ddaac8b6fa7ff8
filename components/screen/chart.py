"""The chart component: Plotly in the page, which fetches its figure by the words of the view.

Streamlit sends it the words and no figure, so a run of the page that changes nothing sends nothing.
A choice made in the filters is drawn before Streamlit has heard of it (`assets/figures.js`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from components.build import Built
from components.drawing.mark import Mark
from components.drawing.theme import HEIGHT, WIDTH
from components.screen import routes

_HTML = """
<div class="chart" role="figure" tabindex="0"></div>
<p class="chart-note" role="status"></p>
<div class="chart-spoken" aria-live="polite"></div>
"""


def loader(script: str) -> str:
    """What Streamlit runs: it loads a script of ours, which the browser keeps."""
    return f"""
export default function (component) {{
  let end;
  let ended = false;
  const address = new URL(component.data.assets + "/{script}", document.baseURI);
  import(address.href).then(module => {{
    if (!ended) end = module.default(component);
  }});
  return () => {{
    ended = true;
    end?.();
  }};
}}
"""


def addresses() -> dict[str, str]:
    """Where the browser finds figures (`base`) and scripts (`assets`)."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    base = (f"/{path}" if path else "") + routes.PREFIX
    return {"base": base, "assets": f"{base}/{routes.version()}"}


_chart = st.components.v2.component(
    "explorer_chart",
    html=_HTML,
    css=(routes.FOLDER / "chart.css").read_text(encoding="utf-8"),
    js=loader("chart.js"),
    # Plotly puts its own styles into the page, which do not reach into an isolated component.
    isolate_styles=False,
)


def chart(
    built: Built,
    words: Mapping[str, str],
    names: Collection[str],
    version: str,
    *,
    fills: bool = False,
) -> Mark | None:
    """Draw a figure for the words of a view; the mark that is chosen in it.

    Args:
        built: the figure, of which only name, text alternative and whether it has marks are sent.
        words: the view as the address writes it; the browser fetches the figure by them.
        names: of the words of an address those that act on the figure.
        version: changes when the data do.
        fills: the figure fills the window, enlarged for an audience.
    """
    data: dict[str, Any] = {
        **addresses(),
        "name": built.name,
        "words": dict(words),
        "names": list(names),
        "version": version,
        "alt": built.alt,
        "height": HEIGHT,
        "width": WIDTH,
        "fills": fills,
    }
    # All figures of a presentation are drawn into one chart, so that a turn does not flash.
    key = "stage-chart" if fills else f"chart-{built.name}"
    result = _chart(data=data, key=key, on_mark_change=lambda: None)
    chosen = result.mark
    # A mark that was chosen under other filters stands for other patients.
    if not isinstance(chosen, Mapping) or chosen.get("words") != _acting(words, names):
        return None
    return Mark.read(chosen.get("mark"))


def _acting(words: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    return {name: text for name, text in words.items() if name in names}


def marks(built: Built) -> list[Mark]:
    """What the marks of a figure stand for; none where it does not say so."""
    carried = (sent for trace in built.plotly["data"] for sent in trace.get("customdata") or ())
    return [mark for mark in map(Mark.read, carried) if mark is not None]
