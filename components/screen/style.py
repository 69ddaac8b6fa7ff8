"""The little CSS the app needs: chart words on narrow screens, dark charts, the line that stays."""

from __future__ import annotations

import streamlit as st

from components.drawing.theme import PALETTE, TOGETHER

# Figures are white, so that the camera's picture is white. On a dark page the same figure is
# recoloured by these rules alone: they reach the page and not the picture.
_PAGE = """
[data-testid="stLayoutWrapper"]:has(> .st-key-who) { position: sticky; top: 0; z-index: 90;
  background: var(--page); border-bottom: 1px solid light-dark(#dfe5ea, #323d47); }
.st-key-who { padding: 0.8rem 0 0.45rem; min-height: 3.2rem; }
[data-testid="stHeader"] { background: transparent; pointer-events: none; }
[data-testid="stHeader"] :not(button, button *) { pointer-events: none; }
[data-testid="stHeader"] button { pointer-events: auto; }
.st-key-who p { margin: 0; }
.st-key-who [data-testid="stMarkdownContainer"] { margin-bottom: 0; }
/* On a phone the button that opens the sidebar stays in the corner, beside the line. */
@media (max-width: 640px) { .st-key-who { padding-left: 2.2rem; gap: 0.4rem; } }
[data-testid="stMainBlockContainer"] { padding-top: 3.4rem; max-width: 1500px;
  --page: light-dark(#ffffff, #12181f); }
.st-key-reset-here button, .st-key-reset-here button div { min-height: 0; padding-block: 0; }
.st-key-menu [data-testid="stCaptionContainer"] { margin: 0.55rem 0 0.1rem; }
.st-key-menu [data-testid="stCaptionContainer"] p { margin: 0; }
.st-key-menu [data-testid="stElementContainer"]:has([data-testid="stPageLink"]) { margin: -2px 0; }
[class*="st-key-panel-"] { container-type: inline-size; }
.chart-head, .chart-foot { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
.chart-foot p { font-size: 0.75rem; margin: 0 0 0.2rem; opacity: 0.8; }
.chart-head h3 { font-size: 1.05rem; margin: 0; padding: 0; }
.chart-head p { font-size: 0.8rem; margin: 0.1rem 0 0; opacity: 0.8; }
@container (max-width: 880px) {
  .chart-head, .chart-foot { position: static; width: auto; height: auto; clip-path: none;
    overflow: visible; }
  [class*="st-key-chart-"] { margin-top: -46px; }
  .st-key-panel-adverse_events .xaxislayer-above text { font-size: 10px !important; }
  .chart-foot { margin-top: calc(-1 * var(--room)); position: relative; }
  .js-plotly-plot .gtitle { display: none; }
  .js-plotly-plot .annotation[data-index]:last-of-type { visibility: hidden; }
}
/* On a phone a chart keeps the room that its words need, and is moved sideways. */
@container (max-width: 640px) {
  [class*="st-key-chart-"] { overflow-x: auto; }
  [class*="st-key-chart-"] > * { min-width: 860px; }
  [class*="st-key-sentence-"] [class*="st-key-chart-"] > * { min-width: 0; }
}
.js-plotly-plot .main-svg { background: transparent !important; }
.js-plotly-plot .main-svg .bg { fill-opacity: 0 !important; }
.js-plotly-plot .gtitle,
.js-plotly-plot .cartesianlayer [class$="tick"] text, .js-plotly-plot .infolayer [class^="g-"] text,
.js-plotly-plot .legendtext, .js-plotly-plot .colorbar text, .js-plotly-plot .cbaxis text,
.js-plotly-plot .annotation-text[style*="31, 41, 51"], .js-plotly-plot .table text
  { fill: light-dark(#1f2933, #e4e9ee) !important; }
.js-plotly-plot .gtitle tspan[style*="52606d"],
.js-plotly-plot .annotation-text[style*="82, 96, 109"],
.js-plotly-plot .heatmap-label text[style*="82, 96, 109"]
  { fill: light-dark(#52606d, #aab5c0) !important; }
.js-plotly-plot path[style*="stroke: rgb(82, 96, 109)"],
.js-plotly-plot path[style*="stroke: rgb(62, 76, 89)"]
  { stroke: light-dark(#52606d, #aab5c0) !important; }
.js-plotly-plot path[style*="fill: rgb(82, 96, 109)"]
  { fill: light-dark(#52606d, #aab5c0) !important; }
.js-plotly-plot .points path[style*="fill: rgb(255, 255, 255)"],
.js-plotly-plot .legendpoints path[style*="fill: rgb(255, 255, 255)"]
  { fill: light-dark(#ffffff, #12181f) !important; }
.js-plotly-plot .table .cell-rect { stroke: light-dark(#e1e5ea, #2d3843) !important; }
.js-plotly-plot .gridlayer path { stroke: light-dark(#e1e5ea, #2d3843) !important; }
"""


def _words_of(colour: str) -> str:
    """Words in the colour of a group: deeper on a white page, brighter on a dark one."""
    written = ", ".join(str(part) for part in bytes.fromhex(colour[1:]))
    return (
        f'.js-plotly-plot .annotation-text[style*="fill: rgb({written})"], '
        f'.js-plotly-plot tspan[style*="fill:{colour}"] '
        f"{{ fill: color-mix(in oklab, {colour} 75%, light-dark(black, white)) !important; }}"
    )


_GROUPS = "\n".join(map(_words_of, (*PALETTE, TOGETHER)))


def style() -> None:
    """Put the rules into the page."""
    st.html(f"<style>{_PAGE}{_GROUPS}</style>")
