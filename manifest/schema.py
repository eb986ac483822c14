"""Check a manifest against Microsoft's schema, as bundled in the Node packages."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

from manifest.rules import SCHEMA_VERSION
from manifest.variables import PackageError

SCHEMA = (
    Path(__file__).parents[1]
    / "node_modules/@microsoft/app-manifest/build/json-schemas/teams"
    / f"v{SCHEMA_VERSION}"
    / "MicrosoftTeams.schema.json"
)
_NO_SCHEMA = "The Teams manifest schema is not installed. Run `make setup`, then try again."


def check_schema(manifest: dict[str, Any], schema: Path = SCHEMA) -> list[str]:
    """Return what the schema refuses, each with its place.

    Raise PackageError if the schema is not installed.
    """
    if not schema.is_file():
        raise PackageError([_NO_SCHEMA])
    validator = Draft4Validator(json.loads(schema.read_text(encoding="utf-8")))
    errors = sorted(validator.iter_errors(manifest), key=lambda error: error.json_path)
    return [f"{error.json_path.removeprefix('$.')}: {error.message}" for error in errors]
