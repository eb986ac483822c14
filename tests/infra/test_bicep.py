"""What a compiler would check: parameters, outputs, names and types that fit together."""

import re
from pathlib import Path

import pytest

from tests.infra.bicep import (
    FILES,
    INFRA,
    MAIN,
    MODULES,
    code,
    config,
    instances,
    parse,
    passed,
    resources,
)

PREVIEWS = {"Microsoft.Insights/diagnosticSettings"}
"""There is no stable version that takes log categories."""

TYPES = {
    "Microsoft.App/containerApps",
    "Microsoft.App/jobs",
    "Microsoft.App/managedEnvironments",
    "Microsoft.Authorization/locks",
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.BotService/botServices",
    "Microsoft.BotService/botServices/channels",
    "Microsoft.Consumption/budgets",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.Insights/actionGroups",
    "Microsoft.Insights/components",
    "Microsoft.Insights/diagnosticSettings",
    "Microsoft.Insights/metricAlerts",
    "Microsoft.Insights/scheduledQueryRules",
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "Microsoft.Network/networkSecurityGroups",
    "Microsoft.Network/privateDnsZones",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    "Microsoft.Network/privateEndpoints",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.OperationalInsights/workspaces",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.Storage/storageAccounts/blobServices",
    "Microsoft.Storage/storageAccounts/blobServices/containers",
    "Microsoft.Storage/storageAccounts/managementPolicies",
    "Microsoft.Storage/storageAccounts/tableServices",
    "Microsoft.Storage/storageAccounts/tableServices/tables",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_parameter_and_variable_is_used(path: Path) -> None:
    """A name declared and never used is a mistake."""
    tree = parse(path)
    used = re.sub(r"^\s*\w+:", "", code(path), flags=re.MULTILINE)
    for name in [*tree.get("parameters", {}), *tree.get("variables", {})]:
        uses = re.findall(rf"(?<![\w.]){name}\b", used)
        assert len(uses) > 1, f"{name} is not used in {path.name}"


@pytest.mark.parametrize("symbol", instances())
def test_module_gets_the_parameters_it_needs(symbol: str) -> None:
    """main.bicep passes a module all it needs and nothing unknown."""
    path = INFRA / instances()[symbol]["detail"]["path"]
    known = parse(path)["parameters"]
    needed = {key for key, value in known.items() if value["default"] is None}
    assert needed <= set(passed(symbol)) <= set(known)


def test_every_module_is_used() -> None:
    """A file that nothing deploys is a mistake."""
    used = {INFRA / module["detail"]["path"] for module in instances().values()}
    assert used == set(MODULES.values())


def test_deployments_have_names_of_their_own() -> None:
    """Two modules of one name would overwrite each other's deployment."""
    names = [config(module)["name"] for module in instances().values()]
    assert len(names) == len(set(names))


def test_outputs_used_exist() -> None:
    """Each module output main.bicep reads is one the module gives, and each given is read."""
    used = set(re.findall(r"\b(\w+)\.outputs\.(\w+)", code(MAIN)))
    given = {
        (symbol, output)
        for symbol, module in instances().items()
        for output in parse(INFRA / module["detail"]["path"]).get("outputs", {})
    }
    assert used == given


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_symbols_used_exist(path: Path) -> None:
    """Whatever has its id, outputs or properties read is declared in the same file."""
    tree = parse(path)
    declared = {*tree.get("resources", {}), *tree.get("modules", {})}
    used = set(re.findall(r"(?<![\w.'])(\w+)\.(?:id|outputs|properties)\b", code(path)))
    parents = set(re.findall(r"^\s*(?:parent|scope): (\w+)$", code(path), flags=re.MULTILINE))
    assert used | parents <= declared


def test_dependencies_named_exist() -> None:
    """dependsOn names what is declared."""
    for path in FILES:
        tree = parse(path)
        declared = {*tree.get("resources", {}), *tree.get("modules", {})}
        for part in [*tree.get("resources", {}).values(), *tree.get("modules", {}).values()]:
            assert set(config(part).get("dependsOn", [])) <= declared


def test_resource_types_are_the_expected_ones() -> None:
    """Nothing is missing, nothing is extra and no type is a preview by accident."""
    found = [r for path in FILES for r in resources(path)]
    assert {r["type"] for r in found} == TYPES
    assert {r["type"] for r in found if "preview" in r["api_version"]} == PREVIEWS


def test_a_type_has_one_version_throughout() -> None:
    """Two versions of one type read differently for no reason."""
    versions: dict[str, set[str]] = {}
    for path in FILES:
        for r in resources(path):
            versions.setdefault(r["type"], set()).add(r["api_version"])
    assert {kind: v for kind, v in versions.items() if len(v) > 1} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_keys_or_secrets(path: Path) -> None:
    """No template reads a key, takes a secret or writes one down."""
    # Application Insights' address carries a key that opens nothing: see test_watching.
    text = re.sub(
        r"APPLICATIONINSIGHTS_CONNECTION_STRING|insights\.properties\.\w+", "", code(path)
    )
    words = r"list\w*Keys?\(|listSecrets|@secure|password|connection_?string|secretRef"
    assert not re.search(words, text, re.IGNORECASE)


GLOBAL = {
    "Microsoft.BotService/botServices",
    "Microsoft.BotService/botServices/channels",
    "Microsoft.Insights/actionGroups",
    "Microsoft.Insights/metricAlerts",
    "Microsoft.Network/privateDnsZones",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
}
"""Azure has these in no region."""


def test_everything_that_has_a_region_is_in_the_chosen_one() -> None:
    """The region is a parameter, the UK by default."""
    assert parse(MAIN)["parameters"]["location"]["default"] == "uksouth"
    places = {
        (r["type"], config(r)["location"])
        for path in FILES
        for r in resources(path)
        if "location" in config(r)
    }
    assert {kind for kind, place in places if place == "global"} == GLOBAL
    assert {place for kind, place in places if kind not in GLOBAL} == {"location"}


def test_everything_that_takes_tags_has_them() -> None:
    """A council finds what belongs to this in its bill."""
    untagged = {
        r["type"]
        for path in FILES
        for r in resources(path)
        if "location" in config(r) and config(r).get("tags") != "tags"
    }
    assert untagged == {"Microsoft.BotService/botServices/channels"}
