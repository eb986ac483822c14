"""The two parameter files: each fits the template, and each is what its name says."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tests.infra.bicep import INFRA, MAIN, decorator, parse

TRIAL = INFRA / "trial.parameters.json"
PRODUCTION = INFRA / "production.parameters.json"
FILES = (TRIAL, PRODUCTION)
TYPES: dict[str, type] = {"string": str, "int": int, "object": dict, "bool": bool}


def document(path: Path) -> Any:
    """Return a parameter file."""
    return json.loads(path.read_text(encoding="utf-8"))


def values(path: Path) -> dict[str, Any]:
    """Return what a parameter file sets."""
    return {name: given["value"] for name, given in document(path)["parameters"].items()}


def test_these_are_all_there_are() -> None:
    """No third file goes stale unseen."""
    assert sorted(INFRA.glob("*.json")) == sorted(FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_parameter_file_fits_the_template(path: Path) -> None:
    """The file names only real parameters, all those needed, with allowed values."""
    known = parse(MAIN)["parameters"]
    given = values(path)
    needed = {name for name, p in known.items() if p["default"] is None}
    assert needed <= set(given) <= set(known)
    for name, value in given.items():
        assert type(value) is TYPES[known[name]["type"]], name
        assert value in (decorator(known[name], "allowed") or [value])
        least = decorator(known[name], "min_value")
        most = decorator(known[name], "max_value")
        assert least is None or value >= least
        assert most is None or value <= most


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_parameter_file_form(path: Path) -> None:
    """Each is a Resource Manager parameter file."""
    assert document(path)["$schema"].endswith("/deploymentParameters.json#")
    assert document(path)["contentVersion"] == "1.0.0.0"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_image_is_in_the_registry_named(path: Path) -> None:
    """The identity may pull the image, because its registry is named."""
    given = values(path)
    assert given["containerImage"].startswith(f"{given['containerRegistryName']}.azurecr.io/")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_budget_starts_on_a_first_of_the_month(path: Path) -> None:
    """Azure refuses any other day."""
    assert dt.date.fromisoformat(values(path)["budgetStart"]).day == 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_fixed_for_good_by_copying_a_file(path: Path) -> None:
    """What nobody can take back is for a person to decide."""
    assert values(path)["exportFixedForGood"] is False


def test_what_production_has_and_a_trial_has_not() -> None:
    """Live work has a lock, a second region, a service level and two copies at least."""
    live = values(PRODUCTION)
    assert live["lockStorage"] is True
    assert live["storageRedundancy"] == "Standard_GZRS"
    assert live["botSku"] == "S1"
    assert live["minReplicas"] >= 2
    trial = values(TRIAL)
    assert trial["lockStorage"] is False
    assert trial["botSku"] == "F0"
    assert trial["monthlyBudget"] < live["monthlyBudget"]


def test_the_two_can_be_in_one_subscription() -> None:
    """They share no name that must differ."""
    for name in ("namePrefix", "containerRegistryName"):
        assert values(TRIAL)[name] != values(PRODUCTION)[name]
    both = {values(path)["tags"]["stage"] for path in FILES}
    assert both == {"trial", "production"}
