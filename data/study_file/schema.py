"""The JSON schema of `study.toml`, by which an editor checks it while it is written."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from data.study_file.shape import StudyFile
from data.study_file.words import Words


def json_schema() -> str:
    """The schema as a JSON document."""
    schema = msgspec.json.schema(StudyFile, schema_hook=_words)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(_plain(schema), indent=1, ensure_ascii=False) + "\n"


def _words(kind: type) -> dict[str, Any]:
    if kind is Words:
        return {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
    raise NotImplementedError


def _plain(value: Any) -> Any:
    """Without what TOML cannot write: null, and the defaults that say nothing."""
    if isinstance(value, dict):
        kept = {
            key: _plain(item)
            for key, item in value.items()
            if not (key == "default" and item in (None, "", (), [], {}))
        }
        if options := kept.get("anyOf"):
            options = [option for option in options if option != {"type": "null"}]
            if len(options) == 1:
                del kept["anyOf"]
                kept |= options[0]
            else:
                kept["anyOf"] = options
        return kept
    return [_plain(item) for item in value] if isinstance(value, list) else value
