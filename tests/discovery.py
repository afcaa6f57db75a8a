"""Google's discovery documents as JSON Schema: what its API really has, according to Google.

They come with Google's Python client. It is never imported here, because its package is called `google`, too.
https://developers.google.com/discovery/v1/reference/apis
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FORMATS = {
    "int64": r"-?\d+",
    "google-duration": r"-?\d+(\.\d{1,9})?s",
    "google-datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z",
}


@cache
def document(name: str) -> dict[str, Any]:
    """Such as `monitoring.v3`."""
    spec = find_spec("googleapiclient")
    assert spec
    assert spec.origin
    file = Path(spec.origin).parent / "discovery_cache" / "documents" / f"{name}.json"
    return dict(json.loads(file.read_text()))


@cache
def json_schema(name: str, resource: str) -> dict[str, Any]:
    """For one resource. A key that it does not name is an error."""
    schemas = {key: _converted(each) for key, each in document(name)["schemas"].items()}
    return {"$ref": f"#/$defs/{resource}", "$defs": schemas}


def query_parameters(name: str, kind: str, method: str) -> set[str]:
    """Names that a method of `projects.KIND` takes in its query."""
    found = document(name)["resources"]["projects"]["resources"][kind]["methods"][method]["parameters"]
    return {key for key, each in found.items() if each["location"] == "query"}.union(
        document(name)["parameters"]
    )


def _converted(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    kind = schema.get("type")
    if kind == "any":
        return {}
    made: dict[str, Any] = {key: schema[key] for key in ("type", "enum") if key in schema}
    if pattern := FORMATS.get(schema.get("format", "")):
        made["pattern"] = f"^{pattern}$"
    if kind == "array":
        made["items"] = _converted(schema["items"])
    if kind == "object":
        more = schema.get("additionalProperties")
        made["properties"] = {key: _converted(each) for key, each in schema.get("properties", {}).items()}
        made["additionalProperties"] = _converted(more) if more else False
    return made
