"""The Bicep templates: that each resource is there and closed as it should be.

There is no Bicep compiler here, so these tests also check what one would: that
modules get the parameters they need and that the outputs used exist.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pycep import BicepParser

from bot.store.azure_tables import TABLES

Tree = dict[str, Any]

INFRA = Path(__file__).parents[1] / "infra"
MAIN = INFRA / "main.bicep"
FILES = sorted(INFRA.rglob("*.bicep"))
MODULES = {path.stem: path for path in FILES if path != MAIN}
PARAMETER_FILE = INFRA / "main.parameters.example.json"
IDENTITY = "identity.properties.clientId"


@cache
def parse(path: Path) -> Tree:
    """Return a Bicep file as a tree."""
    return {**BicepParser().parse(text=path.read_text(encoding="utf-8"))}


def dotted(value: object) -> object:
    """Return a property access as dotted text, and anything else as it is."""
    if isinstance(value, dict) and "operator" in value:
        operator = value["operator"]
        if operator["type"] == "property_accessor":
            return ".".join(str(dotted(o)) for o in operator["operands"].values())
    return value


def resource(path: Path, kind: str) -> Tree:
    """Return the settings of the one resource of a type in a file."""
    resources = parse(path)["resources"].values()
    [found] = [r for r in resources if r["type"] == kind]
    config: Tree = found["config"]
    return config


def passed(module: str) -> Tree:
    """Return what main.bicep passes to a module, with references as dotted text."""
    config = parse(MAIN)["modules"][module]["config"]
    config = config.get("config", config)
    return {name: dotted(value) for name, value in config["params"].items()}


def decorator(parameter: Tree, kind: str) -> Any:
    """Return the argument of a parameter's decorator, or None."""
    found = [d["argument"] for d in parameter["decorators"] if d["type"] == kind]
    return found[0] if found else None


def account() -> Tree:
    """Return the storage account's settings."""
    return resource(MODULES["store"], "Microsoft.Storage/storageAccounts")


def app() -> Tree:
    """Return the container app's properties."""
    properties: Tree = resource(MODULES["app"], "Microsoft.App/containerApps")["properties"]
    return properties


def container() -> Tree:
    """Return the app's one container."""
    [found] = app()["template"]["containers"]
    result: Tree = found
    return result


# What a compiler would check


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_parameter_and_variable_is_used(path: Path) -> None:
    """A name declared and never used is a mistake."""
    tree, text = parse(path), path.read_text(encoding="utf-8")
    skip = r"^\s*//.*$|^@description.*$|^\s*\w+:"
    code = re.sub(skip, "", text, flags=re.MULTILINE)
    for name in [*tree.get("parameters", {}), *tree.get("variables", {})]:
        uses = re.findall(rf"(?<![\w.]){name}\b", code)
        assert len(uses) > 1, f"{name} is not used in {path.name}"


@pytest.mark.parametrize("name", MODULES)
def test_module_gets_the_parameters_it_needs(name: str) -> None:
    """main.bicep uses each module, passing all it needs and nothing unknown."""
    module = parse(MAIN)["modules"][name]
    assert INFRA / module["detail"]["path"] == MODULES[name]
    known = parse(MODULES[name])["parameters"]
    needed = {key for key, value in known.items() if value["default"] is None}
    assert needed <= set(passed(name)) <= set(known)


def test_outputs_used_exist() -> None:
    """Each module output main.bicep reads is one the module gives."""
    text = MAIN.read_text(encoding="utf-8")
    used = set(re.findall(r"\b(\w+)\.outputs\.(\w+)", text))
    assert used == {
        ("app", "fqdn"),
        ("store", "tableEndpoint"),
        ("logs", "workspaceId"),
    }
    for module, output in used:
        assert output in parse(MODULES[module])["outputs"]


def test_resource_types_are_the_expected_ones() -> None:
    """Nothing is missing, nothing is extra and no type is a preview by accident."""
    versions = {
        r["type"]: r["api_version"] for path in FILES for r in parse(path)["resources"].values()
    }
    assert set(versions) == {
        "Microsoft.App/containerApps",
        "Microsoft.App/managedEnvironments",
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.BotService/botServices",
        "Microsoft.BotService/botServices/channels",
        "Microsoft.ContainerRegistry/registries",
        "Microsoft.Insights/diagnosticSettings",
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.OperationalInsights/workspaces",
        "Microsoft.Storage/storageAccounts",
        "Microsoft.Storage/storageAccounts/tableServices",
        "Microsoft.Storage/storageAccounts/tableServices/tables",
    }
    # Diagnostic settings have no stable version that takes log categories.
    previews = {kind for kind, version in versions.items() if "preview" in version}
    assert previews == {"Microsoft.Insights/diagnosticSettings"}


# The bot registration


def test_bot_uses_the_managed_identity_and_no_secret() -> None:
    """The bot signs in as the user-assigned identity, with local auth off."""
    bot = resource(MODULES["bot"], "Microsoft.BotService/botServices")
    assert (bot["location"], bot["kind"]) == ("global", "azurebot")
    assert bot["sku"] == {"name": "sku"}
    properties = bot["properties"]
    assert properties["msaAppType"] == "UserAssignedMSI"
    assert properties["msaAppId"] == "identityClientId"
    assert properties["msaAppTenantId"] == "tenantId"
    assert properties["msaAppMSIResourceId"] == "identityId"
    assert properties["disableLocalAuth"] is True
    assert properties["endpoint"] == "endpoint"


def test_bot_gets_the_identity_and_the_app_address() -> None:
    """main.bicep joins the registration to the identity and the running app."""
    given = passed("bot")
    assert given["identityClientId"] == IDENTITY
    assert given["identityId"] == "identity.id"
    assert given["tenantId"] == "tenantId"
    assert given["endpoint"] == "https://${app.outputs.fqdn}/api/messages"
    assert given["sku"] == "botSku"


def test_bot_price_tiers() -> None:
    """The tier must be chosen, and only F0 or S1."""
    sku = parse(MAIN)["parameters"]["botSku"]
    assert sku["default"] is None
    assert decorator(sku, "allowed") == ["F0", "S1"]


def test_teams_is_the_only_channel() -> None:
    """The one channel is Teams, with calling off."""
    channel = resource(MODULES["bot"], "Microsoft.BotService/botServices/channels")
    assert channel["parent"] == "bot"
    assert (channel["name"], channel["location"]) == ("MsTeamsChannel", "global")
    assert channel["properties"]["channelName"] == "MsTeamsChannel"
    assert channel["properties"]["properties"]["isEnabled"] is True
    assert channel["properties"]["properties"]["enableCalling"] is False


# The store


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("minimumTlsVersion", "TLS1_2"),
        ("supportsHttpsTrafficOnly", True),
        ("allowBlobPublicAccess", False),
        ("allowSharedKeyAccess", False),
        ("allowCrossTenantReplication", False),
        ("defaultToOAuthAuthentication", True),
        ("publicNetworkAccess", "publicNetworkAccess"),
    ],
)
def test_storage_is_closed(name: str, value: object) -> None:
    """The account takes only modern, signed-in, encrypted requests."""
    assert account()["properties"][name] == value


def test_storage_kind_and_encryption() -> None:
    """The account is general purpose, spread over zones and encrypted twice."""
    assert account()["kind"] == "StorageV2"
    assert account()["sku"] == {"name": "Standard_ZRS"}
    encryption = account()["properties"]["encryption"]
    assert encryption["requireInfrastructureEncryption"] is True


def test_public_network_access_is_off_unless_asked_for() -> None:
    """The account is off the public network by default."""
    parameter = parse(MAIN)["parameters"]["storagePublicNetworkAccess"]
    assert parameter["default"] == "Disabled"
    assert decorator(parameter, "allowed") == ["Disabled", "Enabled"]
    assert passed("store")["publicNetworkAccess"] == "storagePublicNetworkAccess"
    text = MODULES["store"].read_text(encoding="utf-8")
    rule = "defaultAction: (publicNetworkAccess == 'Enabled') ? 'Allow' : 'Deny'"
    assert rule in text
    assert account()["properties"]["networkAcls"]["bypass"] == "None"


def test_tables() -> None:
    """Every table is made in the account."""
    kind = "Microsoft.Storage/storageAccounts/tableServices"
    assert resource(MODULES["store"], kind) == {"parent": "account", "name": "default"}
    loop = resource(MODULES["store"], f"{kind}/tables")
    names = parse(MODULES["store"])["variables"]["tableNames"]["value"]
    assert names == list(TABLES)
    assert loop["loop_type"]["detail"]["array_name"] == "tableNames"
    assert loop["config"] == {"parent": "tableService", "name": "tableName"}


@pytest.mark.parametrize(
    ("module", "scope", "role"),
    [
        ("store", "account", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"),
        ("registry", "registry", "7f951dda-4ed3-4680-a7ca-43fe172d538d"),
    ],
)
def test_identity_has_the_least_role(module: str, scope: str, role: str) -> None:
    """Each role is the narrowest built-in one, on one resource, for the identity."""
    kind = "Microsoft.Authorization/roleAssignments"
    grant = resource(MODULES[module], kind)
    assert grant["scope"] == scope
    assert grant["properties"]["principalId"] == "principalId"
    assert grant["properties"]["principalType"] == "ServicePrincipal"
    variable = grant["properties"]["roleDefinitionId"]
    definition = parse(MODULES[module])["variables"][variable]["value"]["function"]
    assert definition["type"] == "subscription_resource_id"
    assert definition["parameters"]["resource_name_1"] == role
    assert passed(module)["principalId"] == "identity.properties.principalId"


def test_roles_are_given_nowhere_else() -> None:
    """The identity holds two roles and no more."""
    kind = "Microsoft.Authorization/roleAssignments"
    kinds = [r["type"] for p in FILES for r in parse(p)["resources"].values()]
    assert kinds.count(kind) == 2


# The app


def test_app_is_reached_only_over_https() -> None:
    """The internet reaches the app by https, on the bot's port."""
    ingress = app()["configuration"]["ingress"]
    assert ingress["external"] is True
    assert ingress["allowInsecure"] is False
    assert ingress["targetPort"] == "port"
    assert parse(MODULES["app"])["variables"]["port"]["value"] == 3978


def test_app_runs_as_the_identity() -> None:
    """The app has the user-assigned identity and no other."""
    identity = resource(MODULES["app"], "Microsoft.App/containerApps")["identity"]
    assert identity["type"] == "UserAssigned"
    assert list(identity["userAssignedIdentities"]) == ["'${identityId}'"]
    assert passed("app")["identityId"] == "identity.id"


def test_app_never_runs_fewer_than_two_copies() -> None:
    """One copy can fail or restart without losing the service."""
    assert app()["template"]["scale"]["minReplicas"] == "minReplicas"
    fewest = parse(MAIN)["parameters"]["minReplicas"]
    assert (fewest["default"], decorator(fewest, "min_value")) == (2, 2)
    assert decorator(parse(MAIN)["parameters"]["maxReplicas"], "min_value") == 2


def test_app_has_time_to_finish() -> None:
    """A stopping copy gets the time its shutdown is written for."""
    assert app()["template"]["terminationGracePeriodSeconds"] == 30


@pytest.mark.parametrize(
    ("kind", "path"),
    [("Startup", "/healthz"), ("Liveness", "/healthz"), ("Readiness", "/readyz")],
)
def test_probes(kind: str, path: str) -> None:
    """Each probe asks the right page, within what the platform accepts."""
    [probe] = [p for p in container()["probes"] if p["type"] == kind]
    assert probe["httpGet"] == {"path": path, "port": "port"}
    # Deployment fails on a threshold over 10 or a period over 240.
    assert 1 <= probe["failureThreshold"] <= 10
    assert 1 <= probe["timeoutSeconds"] <= probe["periodSeconds"] <= 240


def test_app_settings() -> None:
    """The app is told who it is, where its record is and how it is configured."""
    assert {e["name"]: e["value"] for e in container()["env"]} == {
        "MICROSOFT_APP_ID": "identityClientId",
        "MICROSOFT_APP_TENANT_ID": "tenantId",
        "MICROSOFT_APP_TYPE": "UserAssignedMSI",
        "AZURE_CLIENT_ID": "identityClientId",
        "FRONT_DOOR_STORE": "storeEndpoint",
        "FRONT_DOOR_CONFIG": "configPath",
    }
    given = passed("app")
    assert given["identityClientId"] == IDENTITY
    assert given["tenantId"] == "tenantId"
    assert given["storeEndpoint"] == "store.outputs.tableEndpoint"
    assert given["configPath"] == "configPath"
    output = parse(MODULES["store"])["outputs"]["tableEndpoint"]["value"]
    assert dotted(output) == "account.properties.primaryEndpoints.table"


# The logs


def test_logs_go_to_the_workspace() -> None:
    """Console and system logs reach the workspace with no workspace key."""
    kind = "Microsoft.App/managedEnvironments"
    logs = resource(MODULES["app"], kind)["properties"]["appLogsConfiguration"]
    assert logs == {"destination": "azure-monitor"}
    settings = resource(MODULES["app"], "Microsoft.Insights/diagnosticSettings")
    assert settings["scope"] == "appEnvironment"
    assert settings["properties"]["workspaceId"] == "workspaceId"
    assert {log["category"] for log in settings["properties"]["logs"]} == {
        "ContainerAppConsoleLogs",
        "ContainerAppSystemLogs",
    }
    assert passed("app")["workspaceId"] == "logs.outputs.workspaceId"


def test_workspace_takes_no_keys_and_keeps_a_set_time() -> None:
    """The workspace refuses keys, and how long it keeps logs is a parameter."""
    kind = "Microsoft.OperationalInsights/workspaces"
    properties = resource(MODULES["logs"], kind)["properties"]
    assert properties["features"]["disableLocalAuth"] is True
    assert properties["retentionInDays"] == "retentionDays"


# Everywhere


def test_everything_but_the_bot_is_in_the_chosen_region() -> None:
    """The region is a parameter, the UK by default, and only the bot is global."""
    assert parse(MAIN)["parameters"]["location"]["default"] == "uksouth"
    places = {
        (path.stem, r["config"]["location"])
        for path in FILES
        for r in parse(path)["resources"].values()
        if "location" in r["config"]
    }
    assert {place for stem, place in places if stem != "bot"} == {"location"}
    assert {place for stem, place in places if stem == "bot"} == {"global"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_keys_or_secrets(path: Path) -> None:
    """No template reads a key, takes a secret or writes one down."""
    text = path.read_text(encoding="utf-8")
    words = r"list\w*Keys?\(|listSecrets|@secure|password|connectionString|secretRef"
    assert not re.search(words, text, re.IGNORECASE)


# The parameter file


def test_parameter_file_fits_the_template() -> None:
    """The example names only real parameters, all those needed, with allowed values."""
    known = parse(MAIN)["parameters"]
    document = json.loads(PARAMETER_FILE.read_text(encoding="utf-8"))
    given = {name: p["value"] for name, p in document["parameters"].items()}
    needed = {name for name, p in known.items() if p["default"] is None}
    assert needed <= set(given) <= set(known)
    types = {"string": str, "int": int, "object": dict}
    for name, value in given.items():
        assert isinstance(value, types[known[name]["type"]])
        assert value in (decorator(known[name], "allowed") or [value])


def test_parameter_file_form() -> None:
    """The example is a Resource Manager parameter file."""
    document = json.loads(PARAMETER_FILE.read_text(encoding="utf-8"))
    assert document["$schema"].endswith("/deploymentParameters.json#")
    assert document["contentVersion"] == "1.0.0.0"


def test_example_image_is_in_the_example_registry() -> None:
    """The identity may pull the example image, because its registry is named."""
    parameters = json.loads(PARAMETER_FILE.read_text(encoding="utf-8"))["parameters"]
    registry = parameters["containerRegistryName"]["value"]
    image = parameters["containerImage"]["value"]
    assert image.startswith(f"{registry}.azurecr.io/")


def test_app_waits_for_the_right_to_pull() -> None:
    """The app is made after the identity may read the registry."""
    assert parse(MAIN)["modules"]["app"]["config"]["dependsOn"] == ["registry"]
    [entry] = re.findall(
        r"registries:.*?\{(.*?)\}",
        MODULES["app"].read_text(encoding="utf-8"),
        re.DOTALL,
    )
    assert "identity: identityId" in entry
