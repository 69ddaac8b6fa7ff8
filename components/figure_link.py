"""A figure by the words of the address: what a link answers, without a browser session.

The page's charts fetch from here, and so may a wiki, a notebook or a script. The words are those of
the app's own address and are read by the same parser.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import orjson

from components.build import Built, FigureError, build, figure, figures, stem
from components.drawing.canvas import Settings
from components.drawing.scaled import scaled
from components.drawing.theme import HEIGHT, WIDTH
from components.options.option import parse
from components.view import View, from_texts
from data.study import Study, StudyError
from queries.catalogue import find_study

# Sides of a screen, in pixels.
SMALLEST, LARGEST = 200, 8000


@dataclass(frozen=True)
class Answer:
    """What a link answers: HTTP status, body, its gzip (None: not worth it), and its ETag."""

    status: int
    body: bytes
    packed: bytes | None = None
    etag: str = ""


def view_of(study: Study, words: Mapping[str, str]) -> View:
    """The view of an address.

    Raises:
        FigureError: a word that cannot be used; the message names each and says what can.
    """
    kinds = {name: item.options for name, item in figures().items()}
    view, ignored = from_texts(study, words, kinds)
    if ignored:
        raise FigureError("; ".join(ignored))
    return view


def built(study: Study, name: str, view: View) -> Built:
    """The figure as the view asks for it.

    Raises:
        FigureError: no such figure, or it does not apply to the study.
    """
    options, _ = parse(figure(name).options, study, dict(view.options))
    return build(study, name, view.selection, options)


def _of_screen(plotly: Settings, screen: tuple[int, int] | None) -> Settings:
    """The figure as it is, or enlarged for a screen of that width and height in pixels."""
    if screen is None:
        return plotly
    width, height = screen
    return scaled(plotly, min(width / WIDTH, height / HEIGHT), height)


@lru_cache(maxsize=512)
def _encoded(study: Study, name: str, view: View, screen: tuple[int, int] | None) -> Answer:
    item = built(study, name, view)
    body = orjson.dumps(
        {
            "plotly": _of_screen(item.plotly, screen),
            "alt": item.alt,
            "summary": f"{item.title}: {item.subtitle}",
            "n": item.n,
            "N": item.n_all,
            "file_name": item.file_name,
        },
        option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS,
    )
    digest = hashlib.sha256(body).hexdigest()[:20]
    return Answer(200, body, gzip.compress(body, 6), f'"{digest}"')


def answer(name: str, words: Mapping[str, str], screen: tuple[int, int] | None = None) -> Answer:
    """The figure's JSON by the words of the address, or in words why there is none.

    screen: the width and height, in pixels, of a screen that it is to fill.

    Status 404: no such study or figure. 400: a word that cannot be used, or a figure that does not
    apply to the study; the body says what is allowed.
    """
    try:
        study = find_study(words.get("study", ""))
    except StudyError as error:
        return _refusal(404, str(error))
    if screen is not None and not all(SMALLEST <= side <= LARGEST for side in screen):
        return _refusal(400, f"a screen has from {SMALLEST} to {LARGEST} pixels each way")
    if stem(name) not in figures():
        return _refusal(404, f"no figure {name!r}; there are: {', '.join(figures())}")
    try:
        return _encoded(study, stem(name), view_of(study, words), screen)
    except FigureError as error:
        return _refusal(400, str(error))


def _refusal(status: int, why: str) -> Answer:
    return Answer(status, orjson.dumps({"error": why}))


def forget() -> None:
    """Empty the cache of encoded figures."""
    _encoded.cache_clear()
