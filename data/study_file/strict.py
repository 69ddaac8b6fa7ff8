"""TOML text into frozen structures: everything that is wrong with it at once, each in words.

msgspec checks values, and stops at the first that is wrong. Here each key is given to it by itself,
so that a reader gets the whole list, each with its path, its value, and what to do.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct, structs

from data.study_file.wording import kind, named, shown, wanted
from data.study_file.words import Words

T = TypeVar("T", bound=Struct)
WORD: Any = str | int | float
"""What a table of texts may hold; its numbers become text."""
AS_NEAR: Final = 0.1
"""Keys whose likeness to a misspelt one differs by less than this are both named."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a file: where, what, and what to do."""

    file: str
    path: str
    what: str
    advice: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.path}" if self.path else self.file
        # One line, whatever a value holds: a list of problems has one line for each.
        return " ".join(f"{where} {self.what}. {self.advice}".split())


class MalformedError(ValueError):
    """A file that is not what it should be; its problems, in the order of the file's structure."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Place:
    """A table of the file: its dotted name, and its number among several of that name (from 1)."""

    name: str = ""
    number: int = 0

    def of(self, key: str) -> str:
        """The path of a key of this table, as a reader finds it: `[[group]] 2, variable`."""
        if not self.name:
            return key
        return f"[[{self.name}]] {self.number}, {key}" if self.number else f"[{self.name}] {key}"

    def table(self, key: str, number: int = 0) -> Place:
        """The table of that key."""
        return Place(f"{self.name}.{key}" if self.name else key, number)

    def __str__(self) -> str:
        return f"[[{self.name}]] {self.number}" if self.number else f"[{self.name}]"


def table(text: str, file: str) -> dict[str, Any]:
    """The TOML document as plain values.

    Raises:
        MalformedError: it is not TOML, or is nested deeper than any such file is.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        what, advice = "is nested too deeply", "Remove the nested lists or tables."
    except ValueError as error:
        what, advice = f"is not valid TOML: {str(error)[:200]}", "Correct that line."
    raise MalformedError([Problem(file, "", what, advice)])


def structure(table: Mapping[str, Any], shape: type[T], file: str) -> T:
    """The table as a structure.

    Raises:
        MalformedError: it has problems.
    """
    if wrong := problems(table, shape, file):
        raise MalformedError(wrong)
    value: T = _converted(dict(table), shape)
    return value


def problems(
    table: Mapping[str, Any], shape: type[Struct], file: str, *, partial: bool = False
) -> list[Problem]:
    """Everything that is wrong with a table, in words; nothing where it fits.

    partial: keys may be missing from single tables, as in a file that only adds to another.
    """
    return list(_Reader(file, shape, partial).table(table, shape, Place()))


def decoded(kind: type, value: Any) -> Any:
    """Values that msgspec does not know: a table of texts."""
    if kind is Words and isinstance(value, Mapping):
        return Words.of({**value})
    raise NotImplementedError


def _converted(value: Any, hint: Any, *, strict: bool = True) -> Any:
    return msgspec.convert(value, hint, strict=strict, dec_hook=decoded)


def without_none(hint: Any) -> Any:
    """A type without its metadata, and without the None of a key that may be left out."""
    while hasattr(hint, "__metadata__"):
        hint = hint.__origin__
    arguments = [item for item in get_args(hint) if item is not type(None)]
    if type(None) in get_args(hint) and len(arguments) == 1:
        return without_none(arguments[0])
    return hint


def structure_in(hint: Any) -> type[Struct] | None:
    """The structure that a table given for this type must fit."""
    bare = without_none(hint)
    candidates = [bare, *(get_args(bare) if get_origin(bare) is not tuple else ())]
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, Struct)), None)


class _Reader:
    """The problems of one file, found by walking through its tables beside the structures."""

    def __init__(self, file: str, shape: type[Struct], partial: bool) -> None:
        self.file = file
        self.partial = partial
        self.places = dict(_places(shape, Place()))

    def problem(self, path: str, what: str, advice: str) -> Problem:
        return Problem(self.file, path, what, advice)

    def table(
        self, given: Mapping[str, Any], shape: type[Struct], place: Place
    ) -> Iterator[Problem]:
        """The problems of a table that must fit a structure."""
        hints = keys_of(shape)
        meant = {key: _near(key, hints, given) for key in given if key not in hints}
        reported = [self._unknown(key, near, list(hints), place) for key, near in meant.items()]
        lacking = []
        for field in structs.fields(shape):
            key = field.encode_name
            if key in given:
                reported += self.value(given[key], hints[key], place, key)
            elif field.required:
                lacking.append(key)
        if place.number or not self.partial:
            misspelt = {key for near in meant.values() for key in near}
            reported += [self._missing(hints[k], place, k) for k in lacking if k not in misspelt]
        yield from reported
        if not reported and not lacking:
            yield from self._conflicts(_converted(dict(given), shape), place)

    def value(self, given: Any, hint: Any, place: Place, key: str) -> Iterator[Problem]:
        """The problems of the value of a key."""
        bare, structure = without_none(hint), structure_in(hint)
        if structure is not None and (isinstance(given, dict) or bare is structure):
            if isinstance(given, dict):
                yield from self.table(given, structure, place.table(key))
            else:
                path = place.table(key)
                yield self._not(path.of("").strip(), f"must be one table, written {path}", given)
        elif get_origin(bare) is tuple and (item := structure_in(get_args(bare)[0])):
            yield from self._tables(given, item, hint, place.table(key))
        elif get_origin(bare) is tuple and isinstance(given, list):
            yield from self._list(given, hint, place.of(key))
        elif (bare is Words or get_origin(bare) is dict) and isinstance(given, dict):
            yield from self._entries(given, bare, place, key)
        else:
            yield from self._leaf(given, hint, place.of(key))

    def _entries(
        self, given: dict[str, Any], hint: Any, place: Place, key: str
    ) -> Iterator[Problem]:
        """The problems of a table whose keys are free."""
        entry = get_args(hint)[1] if get_args(hint) else WORD
        shape = structure_in(entry)
        for name, value in given.items():
            if shape is not None and isinstance(value, dict):
                yield from self.table(value, shape, place.table(key).table(name))
            else:
                yield from self._leaf(value, entry, f"{place.of(key)}.{shortened(name)}")

    def _tables(
        self, given: Any, shape: type[Struct], hint: Any, place: Place
    ) -> Iterator[Problem]:
        """The problems of a list of tables."""
        if not isinstance(given, list):
            yield self._not(str(place), f"must be written [[{place.name}]], once for each", given)
            return
        try:
            _converted([], hint)
        except msgspec.ValidationError:
            if not given:
                yield self.problem(
                    f"[[{place.name}]]", "is missing", "At least one is needed; see docs/data.md."
                )
        for number, item in enumerate(given, start=1):
            at = Place(place.name, number)
            if isinstance(item, dict):
                yield from self.table(item, shape, at)
            else:
                yield self._not(str(at), "must be a table", item)

    def _list(self, given: list[Any], hint: Any, path: str) -> Iterator[Problem]:
        """The problems of a list of plain values."""
        items = get_args(without_none(hint))
        if items[-1] is not Ellipsis and len(items) != len(given):
            yield self.problem(
                f"{path} = {shown(given)}",
                f"must be {wanted(hint)}, and has {len(given)}",
                "See docs/data.md.",
            )
            return
        for number, value in enumerate(given, start=1):
            item = items[0] if items[-1] is Ellipsis else items[number - 1]
            yield from self._leaf(value, item, f"{path}, item {number}")

    def _leaf(self, given: Any, hint: Any, path: str) -> Iterator[Problem]:
        """The problem of a plain value, if it has one."""
        try:
            _converted(given, hint)
        except (msgspec.ValidationError, NotImplementedError):
            yield self._refused(given, hint, path)
            return
        if isinstance(given, float) and not math.isfinite(given):
            yield self.problem(f"{path} = {given}", "must be a finite number", "Correct it.")

    def _refused(self, given: Any, hint: Any, path: str) -> Problem:
        what = f"must be {wanted(hint)}"
        is_other = not wanted(hint).startswith(named(given))
        choices = [item for item in get_args(without_none(hint)) if isinstance(item, str)]
        if choices and isinstance(given, str):
            near = get_close_matches(given.lower(), choices, n=1)
            advice = f'Did you mean "{near[0]}"?' if near else "Choose one of them."
            is_other = False
        else:
            advice = _advice(given, hint)
        return self.problem(
            f"{path} = {shown(given)}",
            f"{what}, not {named(given)}" if is_other and not choices else what,
            advice,
        )

    def _not(self, path: str, what: str, given: Any) -> Problem:
        return self.problem(path, f"{what}, not {named(given)}", "See docs/data.md.")

    def _unknown(self, key: str, near: list[str], known: list[str], place: Place) -> Problem:
        """A key that the structure does not have, with those that may be meant."""
        if near:
            advice = f"Did you mean {' or '.join(near)}?"
        elif key in self.places:
            advice = f"It belongs {self.places[key]}."
        else:
            advice = f"Known are {', '.join(known)}."
        return self.problem(place.of(shortened(key)), "is not a known key", advice)

    def _missing(self, hint: Any, place: Place, key: str) -> Problem:
        if get_origin(without_none(hint)) is tuple:
            return self.problem(
                f"[[{place.table(key).name}]]", "is missing", "At least one is needed."
            )
        words = next(
            (m.description for m in getattr(hint, "__metadata__", ()) if m.description), ""
        )
        return self.problem(place.of(key), "is missing", f"Give it {kind(hint)}: {words}.")

    def _conflicts(self, value: Struct, place: Place) -> Iterator[Problem]:
        for key, what, advice in getattr(value, "conflicts", tuple)():
            yield self.problem(place.of(key), what, advice)


@cache
def keys_of(shape: type[Struct]) -> dict[str, Any]:
    """The types of a structure's keys, as the file names them."""
    hints = get_type_hints(shape, include_extras=True)
    return {field.encode_name: hints[field.name] for field in structs.fields(shape)}


def _places(shape: type[Struct], place: Place) -> Iterator[tuple[str, str]]:
    """Every key, and where in the file it belongs; of several places the first is kept last."""
    for key, hint in reversed(keys_of(shape).items()):
        bare = without_none(hint)
        inner = structure_in(get_args(bare)[0] if get_origin(bare) is tuple else hint)
        if inner is not None and not place.name:
            number = 1 if get_origin(bare) is tuple else 0
            yield from _places(inner, place.table(key, number))
        brackets = f"[[{place.name}]]" if place.number else f"[{place.name}]"
        yield key, f"below {brackets}" if place.name else "above the first [table]"


def _near(key: str, known: Iterable[str], given: Collection[str]) -> list[str]:
    """The known keys that a misspelt one may mean, nearest first; none that is there already."""
    by_lower = {name.lower(): name for name in known if name not in given}
    near = get_close_matches(key.lower(), by_lower)
    likeness = [SequenceMatcher(None, key.lower(), name).ratio() for name in near]
    return [
        by_lower[name]
        for name, ratio in zip(near, likeness, strict=True)
        if ratio > max(likeness) - AS_NEAR
    ]


def shortened(key: str) -> str:
    """A key from a file, short enough for a sentence."""
    return key if len(key) <= 60 else f"{key[:59]}…"


def _advice(given: Any, hint: Any) -> str:
    """How the same value would be written if only its type is wrong."""
    if isinstance(given, str):
        try:
            _converted(given, hint, strict=False)
        except (msgspec.ValidationError, NotImplementedError):
            return "See docs/data.md."
        return f"Write {given.strip()}, without quotes."
    if get_origin(without_none(hint)) is tuple and not isinstance(given, list):
        try:
            _converted([given], hint)
        except (msgspec.ValidationError, NotImplementedError):
            return "See docs/data.md."
        return f"Write [{shown(given)}]."
    if kind(hint) == "text" and not isinstance(given, (list, dict)):
        return f'Put it in quotes: "{given}".'
    if wanted(hint).startswith(named(given)):
        return "Choose one in that range."
    return "See docs/data.md."
