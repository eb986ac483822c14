"""The bot's registration and the app behind it: one identity, two copies, no secret."""

import pytest

from bot.web import PROBE_WAITS_S, PROBED_EVERY_S
from tests.infra.bicep import (
    MODULES,
    Tree,
    config,
    decorator,
    instances,
    parameter,
    parse,
    passed,
    resource,
)

IDENTITY = "identity.properties.clientId"


def app() -> Tree:
    """Return the container app's properties."""
    properties: Tree = resource(MODULES["app"], "Microsoft.App/containerApps")["properties"]
    return properties


def container() -> Tree:
    """Return the app's one container."""
    [found] = app()["template"]["containers"]
    result: Tree = found
    return result


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
    assert parameter("botSku")["default"] is None
    assert decorator(parameter("botSku"), "allowed") == ["F0", "S1"]


def test_teams_is_the_only_channel() -> None:
    """The one channel is Teams, with calling off."""
    channel = resource(MODULES["bot"], "Microsoft.BotService/botServices/channels")
    assert channel["parent"] == "bot"
    assert (channel["name"], channel["location"]) == ("MsTeamsChannel", "global")
    assert channel["properties"]["channelName"] == "MsTeamsChannel"
    assert channel["properties"]["properties"]["isEnabled"] is True
    assert channel["properties"]["properties"]["enableCalling"] is False


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
    fewest = parameter("minReplicas")
    assert (fewest["default"], decorator(fewest, "min_value")) == (2, 2)
    assert decorator(parameter("maxReplicas"), "min_value") == 2


def test_app_grows_with_presses_at_once() -> None:
    """The rule counts requests that wait, because waiting uses no processor."""
    scale = app()["template"]["scale"]
    [rule] = scale["rules"]
    assert rule["http"]["metadata"] == {"concurrentRequests": "30"}
    assert scale["maxReplicas"] == "maxReplicas"


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


def test_a_stopping_copy_is_out_of_service_before_it_ends() -> None:
    """The app counts on being asked this often, and on one answer being enough."""
    [probe] = [p for p in container()["probes"] if p["type"] == "Readiness"]
    assert probe["failureThreshold"] == 1
    assert probe["periodSeconds"] == PROBED_EVERY_S
    assert probe["timeoutSeconds"] == PROBE_WAITS_S


def test_app_settings() -> None:
    """The app is told who it is, where it keeps and sends things and how it is configured."""
    assert container()["env"] == "settings"
    settings = parse(MODULES["app"])["variables"]["settings"]["value"]
    assert {e["name"]: e["value"] for e in settings} == {
        "MICROSOFT_APP_ID": "identityClientId",
        "MICROSOFT_APP_TENANT_ID": "tenantId",
        "MICROSOFT_APP_TYPE": "UserAssignedMSI",
        "AZURE_CLIENT_ID": "identityClientId",
        "FRONT_DOOR_STORE": "storeEndpoint",
        "FRONT_DOOR_EXPORT": "exportUrl",
        "FRONT_DOOR_KEYS": "keysUrl",
        "APPLICATIONINSIGHTS_CONNECTION_STRING": "insightsAddress",
        "FRONT_DOOR_CONFIG": "configPath",
    }
    given = passed("app")
    assert given["identityClientId"] == IDENTITY
    assert given["tenantId"] == "tenantId"
    assert given["storeEndpoint"] == "store.outputs.tableEndpoint"
    assert given["insightsAddress"] == "logs.outputs.insightsAddress"
    assert given["configPath"] == "configPath"


def test_app_waits_for_what_it_cannot_start_without() -> None:
    """The app is made after it may pull its image and can find its storage."""
    assert set(config(instances()["app"])["dependsOn"]) == {
        "registry",
        "storeEndpoint",
        "copiesEndpoint",
        "keysEndpoint",
    }
    assert app()["configuration"]["registries"] == "registries"
    registries = parse(MODULES["app"])["variables"]["registries"]["value"]["operator"]["operands"]
    assert registries["false_value"] == [{"server": "registryServer", "identity": "identityId"}]
