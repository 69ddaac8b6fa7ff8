"""Visits to the app without a browser: through the page shell, as a session runs it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest
from streamlit.util import AttributeDictionary

from components.build import Built, build, figure
from components.options.option import parse
from components.screen.pages import PageFile, page_files
from components.screen.server import SCRIPT
from data.study import Study
from queries.engine.selection import Selection

ROOT = Path(__file__).resolve().parents[2]
APP = str(SCRIPT)
SECONDS = 60
PAGES = {file.url_path: file for file in page_files()}
LANDING = next(iter(PAGES))
FIGURES = {name: file.url_path for file in page_files() for name in file.figures}


@lru_cache(maxsize=1)
def _registered() -> Any:
    """The pages as AppTest knows them after a run; it opens no page before it knows them."""
    return AppTest.from_file(APP, default_timeout=SECONDS).run()._registered_pages


def plain(text: str) -> str:
    """Markdown as a reader sees it: what was escaped, as it was written."""
    bare = re.sub(r":[a-z-]+-badge\[(.*)\]", r"\1", text)
    bare = re.sub(r"(?<!\\)\*\*", "", bare)
    return re.sub(r"\\(.)", r"\1", bare)


class Visit:
    """A session that opens a page with parameters, as a link does; nothing may fail on the way."""

    def __init__(self, page: str = LANDING, **params: str) -> None:
        self.at = AppTest.from_file(APP, default_timeout=SECONDS)
        self.page = PAGES[page]
        if page != LANDING:
            self.at._registered_pages = _registered()
            self.at.switch_page(str(self.page.path))
        self.at.query_params = {name.replace("_", "-"): text for name, text in params.items()}
        self.run()

    def run(self) -> Visit:
        """Run the page once more; an error on it is a failure."""
        self.at.run()
        assert [error.value for error in self.at.exception] == []
        return self

    def open(self, params: dict[str, str]) -> Visit:
        """Open a link to the same page in the same session."""
        self.at.query_params = dict(params)
        return self.run()

    def follow(self, page: str) -> Visit:
        """Go to another page by the link in the menu, parameters and all."""
        title = PAGES[page].title
        (link,) = [link.proto for link in self.elements("page_link") if link.proto.label == title]
        self.page = PAGES[page]
        self.at.switch_page(str(self.page.path))
        self.at.query_params = dict(parse_qsl(link.query_string))
        return self.run()

    @property
    def address(self) -> dict[str, str]:
        """What stands in the address."""
        return dict(self.at.query_params)

    @property
    def who(self) -> str:
        """The line that says who is selected."""
        (line,) = [text for text in self.markdown if re.match(r"\d+ of \d+ patients · ", text)]
        return line

    @property
    def markdown(self) -> list[str]:
        """The texts on the page as a reader sees them."""
        return [plain(item.value) for item in self.at.markdown]

    @property
    def warnings(self) -> list[str]:
        """The warnings on the page as a reader sees them."""
        return [plain(item.value) for item in self.at.warning]

    def labels(self, kind: str) -> list[str]:
        """The labels of all elements of a kind."""
        return [str(item.proto.label) for item in self.elements(kind)]

    def elements(self, kind: str) -> list[Any]:
        """All elements of a kind that AppTest has no list for."""
        return list(self.at.get(kind))

    @property
    def charts(self) -> dict[str, dict[str, Any]]:
        """Figure -> the chart as it is sent to the browser."""
        charts = {}
        for chart in self.elements("plotly_chart"):
            name = re.split(r"-(?:chart|present)-", str(chart.proto.id))[-1]
            charts[name] = json.loads(chart.proto.spec) | {
                "alt": chart.proto.alt,
                "config": json.loads(chart.proto.config),
            }
        return charts

    def choose(self, key: str, value: Any) -> Visit:
        """Set a widget and let the page run."""
        for widget in (
            *self.at.button_group,
            *self.at.selectbox,
            *self.at.slider,
            *self.at.toggle,
            *self.at.number_input,
            *self.at.text_input,
            *self.at.multiselect,
        ):
            if widget.key == key:
                widget.set_value(value)
                return self.run()
        raise AssertionError(f"there is no {key}")

    def press(self, key: str) -> Visit:
        """Press a button."""
        self.at.button(key=key).click()
        return self.run()

    def unfold(self, kind: str, name: str) -> Visit:
        """Open "Table" or "How this was made" of a figure."""
        self.at.session_state[f"{kind}-{name}"] = True
        return self.run()

    def click(self, name: str, cell: dict[str, Any]) -> Visit:
        """Click a cell of a heatmap: what Plotly sends back is set as it would come."""
        chosen = {"points": [{"customdata": cell}], "point_indices": [0], "box": [], "lasso": []}
        self.at.session_state[f"chart-{name}"] = AttributeDictionary({"selection": chosen})
        return self.run()


def title(chart: dict[str, Any]) -> str:
    """Title and subtitle of a chart."""
    return re.sub(r"<[^>]*>", " ", str(chart["layout"]["title"]["text"]))


def built(study: Study, name: str, selection: Selection, options: dict[str, str]) -> Built:
    """The figure that belongs to a selection and options, of which it takes its own."""
    chosen, _ = parse(figure(name).options, study, options)
    return build(study, name, selection, chosen)


def shows(chart: dict[str, Any], figure: Built) -> bool:
    """Whether a chart is that figure: its data, title and annotations."""
    ours = json.loads(figure.figure.to_json())
    return bool(
        chart["data"] == ours["data"]
        and chart["layout"]["title"]["text"] == ours["layout"]["title"]["text"]
        and chart["layout"]["annotations"] == ours["layout"]["annotations"]
        and chart["alt"] == figure.alt
    )


def pages_with_figures() -> list[PageFile]:
    """The pages that show figures."""
    return [file for file in PAGES.values() if file.figures]
