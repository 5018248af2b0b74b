"""The description of the API: OpenAPI 3.1 with the JSON Schemas of passerelle/schemas as its components."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from passerelle import __version__

DOCUMENTS = ("search", "show", "recommend", "links")
DESCRIPTION = (
    "Read-only. Every document is the one that the command line prints with --json; texts are in French and English. "
    "Refusals are problem details (RFC 9457) of one line. SPARQL 1.1 is at /sparql; it is described by its own service description."
)
_TEXT = {"type": "string", "minLength": 1}
_OWN: Mapping[str, object] = {
    "problem": {
        "type": "object",
        "description": "Why a request is refused (RFC 9457).",
        "properties": {
            "type": {"const": "about:blank"},
            "title": {**_TEXT, "description": "The status in words"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The status"},
            "detail": {**_TEXT, "description": "What was found, and what to do, in one line"},
        },
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
    },
    "health": {
        "type": "object",
        "description": "That the service answers.",
        "properties": {
            "status": {"const": "ok"},
            "version": {**_TEXT, "description": "Version of Passerelle"},
            "digest": {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "Digest of the snapshot"},
        },
        "required": ["status", "version", "digest"],
        "additionalProperties": False,
    },
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an app, made once."""
    if app.openapi_schema is None:
        found = get_openapi(title="Passerelle", version=__version__, description=DESCRIPTION, routes=app.routes)
        made = found.get("components", {}).get("schemas", {})
        for path in found["paths"].values():
            for operation in path.values():
                for parameter in operation.get("parameters", ()):
                    parameter["schema"] = _plain(parameter["schema"], made)
        found["components"] = {"schemas": components()}
        app.openapi_schema = found
    return app.openapi_schema


def components() -> dict[str, Any]:
    """The schemas of the documents, their shared definitions beside them: `#/$defs/x` becomes `#/components/schemas/x`."""
    result: dict[str, Any] = dict(_OWN)
    for name in DOCUMENTS:
        schema = json.loads((files("passerelle") / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
        definitions = schema.pop("$defs", {})
        for key in ("$schema", "$id"):
            schema.pop(key, None)
        result |= {key: _moved(value) for key, value in definitions.items()}
        result[name] = _moved(schema)
    return dict(sorted(result.items()))


def _plain(schema: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a parameter as it can be sent: no null, no title, and the values of a closed list in place."""
    if "$ref" in schema:
        return {key: value for key, value in made[schema["$ref"].rpartition("/")[2]].items() if key in ("type", "enum")}
    plain = {key: value for key, value in schema.items() if key not in ("title", "description", "anyOf")}
    for choice in schema.get("anyOf", ()):
        plain |= {} if choice.get("type") == "null" else _plain(choice, made)
    if "items" in plain:
        plain["items"] = _plain(plain["items"], made)
    return plain


def _moved(part: object) -> object:
    if isinstance(part, dict):
        return {key: value.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _moved(value) for key, value in part.items()}
    return [_moved(item) for item in part] if isinstance(part, list) else part
