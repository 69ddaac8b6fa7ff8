"""The options of a figure: fields of a frozen dataclass, declared once for page, URL and command.

    @dataclass(frozen=True)
    class PlateletOptions(Options):
        statistic: str = choice("Show", {"median": "Median and IQR", "mean": "Mean and 95% CI"})

The first value of a choice is its default. `parse` reads text values (from a URL or a command) and
says what it could not use; `unparse` gives back only what differs from the defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from data.study import Study

Values = Mapping[str, str]
Choices = Values | Callable[[Study], Values]


@dataclass(frozen=True)
class Spec:
    """How one option is asked for and read.

    `prominent`: all its values are on the screen; `more`: it stands behind "More"; `when`: it is
    asked for only where this holds of the options.
    """

    label: str | Callable[[Study], str]
    kind: str
    help: str = ""
    choices: Choices | None = None
    low: float = 0
    high: float = 0
    step: float = 1
    more: bool = False
    prominent: bool = False
    when: Callable[[Any], bool] | None = None

    def name(self, study: Study) -> str:
        """What the option is called for a study."""
        return self.label(study) if callable(self.label) else self.label

    def values(self, study: Study) -> dict[str, str]:
        """Value -> label of a choice, the default first, without what a study does not offer."""
        if self.choices is None:
            return {}
        return dict(self.choices(study) if callable(self.choices) else self.choices)


def choice(label: str | Callable[[Study], str], choices: Choices, **more: Any) -> Any:
    """One of several values; its default is the first that the study offers."""
    default = "" if callable(choices) else next(iter(choices))
    return field(default=default, metadata={"spec": Spec(label, "choice", choices=choices, **more)})


def several(label: str, choices: Choices, **more: Any) -> Any:
    """Any number of values; none by default."""
    return field(default=(), metadata={"spec": Spec(label, "several", choices=choices, **more)})


def flag(label: str, default: bool = False, **more: Any) -> Any:
    """Yes or no."""
    return field(default=default, metadata={"spec": Spec(label, "flag", **more)})


def number(
    label: str, default: float, low: float, high: float, step: float = 1, **more: Any
) -> Any:
    """A number from `low` to `high`, both included."""
    spec = Spec(label, "number", low=low, high=high, step=step, **more)
    return field(default=default, metadata={"spec": spec})


def words(label: str, **more: Any) -> Any:
    """Free text of at most 80 characters."""
    return field(default="", metadata={"spec": Spec(label, "words", **more)})


@dataclass(frozen=True)
class Options:
    """What a reader can choose of a figure: nothing, unless a class of its own says more.

    The option by which patients are grouped is called `group` in every figure that has one.
    """

    @property
    def grouping(self) -> str:
        """The key of the study's grouping; "all" where all patients are together."""
        return str(getattr(self, "group", "all"))


def specs(kind: type[Any]) -> dict[str, Spec]:
    """Option name -> Spec of an options class, in the order of its fields."""
    return {item.name: item.metadata["spec"] for item in fields(kind)}


class OptionError(ValueError):
    """An option that does not exist or does not take this value; the message lists what does."""


def default(item: Field[Any], study: Study) -> Any:
    """The default of an option for a study: for a choice the first value the study offers."""
    spec: Spec = item.metadata["spec"]
    if spec.kind == "choice":
        return next(iter(spec.values(study)), "")
    return item.default


def parse(kind: type[Any], study: Study, texts: Mapping[str, str]) -> tuple[Any, list[str]]:
    """Options from text values, and a sentence for each value that could not be used.

    Names that the class does not have are left alone: they may be another figure's.
    """
    values, ignored = {}, []
    for item in fields(kind):
        values[item.name] = default(item, study)
        if item.name not in texts:
            continue
        try:
            values[item.name] = _value(item, study, texts[item.name])
        except OptionError as error:
            ignored.append(str(error))
    return kind(**values), ignored


def strict(kind: type[Any], study: Study, texts: Mapping[str, str]) -> Any:
    """Options from text values.

    Raises:
        OptionError: an option that does not exist, or a value it does not take.
    """
    known = [item.name for item in fields(kind)]
    for name in texts:
        if name not in known:
            raise OptionError(f"no option {name!r}; there are: {', '.join(known) or 'none'}")
    options, ignored = parse(kind, study, texts)
    if ignored:
        raise OptionError("; ".join(ignored))
    return options


def _value(item: Field[Any], study: Study, text: str) -> Any:
    spec: Spec = item.metadata["spec"]
    values = spec.values(study)
    if spec.kind == "choice":
        if text not in values:
            raise OptionError(f"{item.name} = {text!r} is not one of {', '.join(values)}")
        return text
    if spec.kind == "several":
        chosen = tuple(part for part in text.split("|") if part)
        if unknown := [part for part in chosen if part not in values]:
            raise OptionError(
                f"{item.name} has no {', '.join(map(repr, unknown))}; it has {', '.join(values)}"
            )
        return chosen
    if spec.kind == "flag":
        if text.lower() not in {"true", "false"}:
            raise OptionError(f"{item.name} = {text!r} is neither true nor false")
        return text.lower() == "true"
    if spec.kind == "number":
        try:
            number = float(text)
        except ValueError:
            raise OptionError(f"{item.name} = {text!r} is not a number") from None
        if not spec.low <= number <= spec.high:
            raise OptionError(f"{item.name} = {text} is not from {spec.low:g} to {spec.high:g}")
        return int(number) if isinstance(item.default, int) else number
    if len(text) > 80:
        raise OptionError(f"{item.name} is longer than 80 characters")
    return text


def unparse(options: Any, study: Study) -> dict[str, str]:
    """The options that differ from the study's defaults, as text; `parse` reads them back."""
    texts = {}
    for item in fields(options):
        value = getattr(options, item.name)
        if value == default(item, study):
            continue
        if isinstance(value, bool):
            texts[item.name] = str(value).lower()
        elif isinstance(value, tuple):
            texts[item.name] = "|".join(value)
        elif isinstance(value, float):
            texts[item.name] = f"{value:g}"
        else:
            texts[item.name] = str(value)
    return texts
