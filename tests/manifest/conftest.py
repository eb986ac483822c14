"""The manifests of both packages, filled with the example values. Microsoft's schema is needed."""

import json

import pytest

from manifest import schema
from manifest.build import HERE, TEMPLATE
from manifest.packages import PACKAGES, RECORD_THREAD, STANDARD, Package
from manifest.variables import fill, parse_env
from tests.conftest import need
from tests.manifest.parts import Manifest

EXAMPLE = HERE / "package.env.example"


@pytest.fixture(autouse=True)
def _schema_is_installed() -> None:
    """The schema comes with the Node packages."""
    need("" if schema.SCHEMA.exists() else "Node packages are not installed: run 'make setup'")


@pytest.fixture
def values() -> dict[str, str]:
    """Return the example variables."""
    return parse_env(EXAMPLE.read_text(encoding="utf-8"))


@pytest.fixture
def template() -> Manifest:
    """Return the one template."""
    found: Manifest = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def filled(template: Manifest, values: dict[str, str]) -> Manifest:
    """Return the standard manifest."""
    made: Manifest = fill(STANDARD.change(template), values)
    return made


@pytest.fixture
def recording(template: Manifest, values: dict[str, str]) -> Manifest:
    """Return the manifest of the package that records threads."""
    made: Manifest = fill(RECORD_THREAD.change(template), values)
    return made


@pytest.fixture(params=PACKAGES, ids=lambda package: package.file)
def package(request: pytest.FixtureRequest) -> Package:
    """Each package in turn."""
    found: Package = request.param
    return found
