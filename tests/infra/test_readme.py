"""The deployment page says what the templates do."""

import re

import pytest

from tests.infra.bicep import FILES, INFRA, MAIN, config, parse, resources
from tests.infra.test_parameters import PRODUCTION, TRIAL, values
from tests.infra.test_watching import ALERTS, rules

README = (INFRA / "README.md").read_text(encoding="utf-8")


def test_every_service_used_is_registered() -> None:
    """A service that is not registered stops the first deployment."""
    used = {r["type"].split("/")[0].removeprefix("Microsoft.") for p in FILES for r in resources(p)}
    [line] = re.findall(r"for service in (.+); do", README)
    # Roles and locks are Azure's own and always there.
    assert sorted(line.split()) == sorted(used - {"Authorization"})


def test_every_output_read_exists() -> None:
    """The commands that read outputs name real ones."""
    read = set(re.findall(r"properties\.outputs\.(\w+)\.value", README))
    assert read
    assert read <= set(parse(MAIN)["outputs"])


@pytest.mark.parametrize("path", [TRIAL, PRODUCTION], ids=lambda path: path.stem)
def test_the_parameter_files_are_named(path) -> None:
    """A reader finds both files."""
    assert path.name in README


def test_the_difference_between_the_files_is_told_as_it_is() -> None:
    """The table of step 1 has the files' own numbers."""
    trial, live = values(TRIAL), values(PRODUCTION)
    for words, name in (
        ("Daily copies cannot be changed for", "exportFixedDays"),
        ("Logs kept for", "logRetentionDays"),
    ):
        assert f"| {words} | {trial[name]} days | {live[name]} days |" in README
    assert f"({trial['monthlyBudget']} and {live['monthlyBudget']})" in README


def test_every_parameter_named_exists() -> None:
    """Names in code that look like parameters are parameters."""
    known = set(parse(MAIN)["parameters"])
    for name in (
        *("containerRegistryName", "containerImage", "alertEmail", "monthlyBudget"),
        *("budgetStart", "exportFixedDays", "exportFixedForGood", "exportKeepVersionsDays"),
        *("namePrefix", "configPath", "storageAccountName"),
        *("restoreStorageAccountName", "restoreAt"),
    ):
        assert f"`{name}`" in README
        assert name in known


def alert_names() -> dict[str, int]:
    """Return every alert's name, without the prefix, and its severity."""
    tables = parse(ALERTS)["variables"]
    rows = [*tables["limits"]["value"], *tables["platformLimits"]["value"]]
    named = {row["name"]: row["severity"] for row in rows}
    for symbol, rule in rules().items():
        if symbol not in ("overLimit", "platform"):
            named[rule["name"].removeprefix("${name}-")] = rule["properties"]["severity"]
    return named


def test_every_alert_is_explained() -> None:
    """Whoever is woken finds the alert's name and why it rang."""
    told = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| (\d) \|$", README, flags=re.MULTILINE)
    assert {name: int(severity) for name, severity in told} == alert_names()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("Microsoft.BotService/botServices", "Bot registration"),
        ("Microsoft.Insights/actionGroups", "Action group"),
        ("Microsoft.Insights/metricAlerts", "metric alerts"),
        ("Microsoft.Consumption/budgets", "budget"),
        ("Microsoft.Network/privateDnsZones", "Private DNS zones"),
    ],
)
def test_what_has_no_uk_region_is_told(kind: str, words: str) -> None:
    """Everything deployed outside the region is in the table of places."""
    found = [config(r) for p in FILES for r in resources(p) if r["type"] == kind]
    assert found
    assert all(one.get("location", "global") == "global" for one in found)
    places = README[
        README.index("**Where data is.**") : README.index("**The identity's network.**")
    ]
    row = next(line for line in places.splitlines() if words in line)
    assert "| global" in row


def test_the_old_promises_are_gone() -> None:
    """What the page said was missing is there now."""
    assert "not here yet" not in README
    assert "makes no private endpoint" not in README


def test_files_named_exist() -> None:
    """Paths in the page lead somewhere."""
    for path in (
        "manifest/package.env.example",
        ".github/workflows/ci.yml",
    ):
        assert f"`{path}`" in README
        assert (INFRA.parent / path).is_file()
