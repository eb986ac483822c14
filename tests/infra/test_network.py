"""The network: the app inside it, and each storage account reached by a private address only."""

import ipaddress

import pytest

from tests.infra.bicep import (
    MODULES,
    Tree,
    config,
    dotted,
    instances,
    named,
    parameter,
    parse,
    passed,
    resource,
)

NETWORK = MODULES["network"]


def subnets() -> dict[str, Tree]:
    """Return the network's subnets' properties by name."""
    found = resource(NETWORK, "Microsoft.Network/virtualNetworks")["properties"]["subnets"]
    return {subnet["name"]: subnet["properties"] for subnet in found}


def test_the_app_is_in_the_network() -> None:
    """The environment lives in the app's subnet, in several zones, and Teams can reach it."""
    kind = "Microsoft.App/managedEnvironments"
    properties = resource(MODULES["app"], kind)["properties"]
    assert properties["vnetConfiguration"] == {
        "infrastructureSubnetId": "subnetId",
        "internal": False,
    }
    assert properties["zoneRedundant"] is True
    assert passed("app")["subnetId"] == "network.outputs.appSubnetId"
    assert parse(NETWORK)["outputs"]["appSubnetId"]["value"] == "${network.id}/subnets/app"
    [delegation] = subnets()["app"]["delegations"]
    assert delegation["properties"]["serviceName"] == "Microsoft.App/environments"


@pytest.mark.parametrize(
    ("symbol", "account", "service", "zone"),
    [
        ("storeEndpoint", "store", "table", "tableZoneId"),
        ("copiesEndpoint", "copies", "blob", "blobZoneId"),
        ("keysEndpoint", "keys", "blob", "blobZoneId"),
    ],
)
def test_each_account_has_a_private_address(
    symbol: str, account: str, service: str, zone: str
) -> None:
    """The endpoint is for the service the app uses, with the zone of that service's names."""
    assert instances()[symbol]["detail"]["path"] == "modules/endpoint.bicep"
    given = passed(symbol)
    assert given["accountId"] == f"{account}.outputs.accountId"
    assert given["service"] == service
    assert given["zoneId"] == f"network.outputs.{zone}"
    assert given["subnetId"] == "network.outputs.storageSubnetId"


def test_an_endpoint_joins_account_subnet_and_zone() -> None:
    """What the endpoint module is given is what it uses."""
    path = MODULES["endpoint"]
    endpoint = resource(path, "Microsoft.Network/privateEndpoints")["properties"]
    assert endpoint["subnet"] == {"id": "subnetId"}
    [connection] = endpoint["privateLinkServiceConnections"]
    assert connection["properties"] == {
        "privateLinkServiceId": "accountId",
        "groupIds": ["service"],
    }
    group = resource(path, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups")
    assert group["parent"] == "endpoint"
    [zone] = group["properties"]["privateDnsZoneConfigs"]
    assert zone["properties"] == {"privateDnsZoneId": "zoneId"}


def test_the_network_knows_the_private_names() -> None:
    """A zone for each service, under the names Azure expects, linked to the network."""
    services = parse(NETWORK)["variables"]["services"]["value"]
    assert services == ["table", "blob"]
    zones = parse(NETWORK)["resources"]["zones"]
    assert zones["config"]["loop_type"]["detail"]["array_name"] == "services"
    assert config(zones)["name"] == "privatelink.${service}.${environment().suffixes.storage}"
    link = named(NETWORK, "links")
    assert dotted(link["parent"]) == "zones[i]"
    assert link["properties"]["registrationEnabled"] is False
    assert dotted(link["properties"]["virtualNetwork"]["id"]) == "network.id"
    outputs = parse(NETWORK)["outputs"]
    assert dotted(outputs["tableZoneId"]["value"]) == f"zones[{services.index('table')}].id"
    assert dotted(outputs["blobZoneId"]["value"]) == f"zones[{services.index('blob')}].id"


def test_only_the_app_reaches_storage() -> None:
    """The endpoints' subnet takes https from the app's subnet and nothing else."""
    assert subnets()["storage"]["privateEndpointNetworkPolicies"] == "NetworkSecurityGroupEnabled"
    assert dotted(subnets()["storage"]["networkSecurityGroup"]["id"]) == "guard.id"
    rules = [rule["properties"] for rule in named(NETWORK, "guard")["properties"]["securityRules"]]
    allowed, refused = sorted(rules, key=lambda rule: int(rule["priority"]))
    assert (allowed["access"], allowed["direction"], allowed["protocol"]) == (
        "Allow",
        "Inbound",
        "Tcp",
    )
    assert allowed["sourceAddressPrefix"] == "appSubnetPrefix"
    assert allowed["destinationAddressPrefix"] == "endpointSubnetPrefix"
    assert allowed["destinationPortRange"] == "443"
    assert (refused["access"], refused["direction"], refused["protocol"]) == (
        "Deny",
        "Inbound",
        "*",
    )
    assert refused["sourceAddressPrefix"] == "*"


def test_the_subnets_fit() -> None:
    """The default addresses are private, apart, inside the network and large enough."""
    whole = ipaddress.ip_network(parameter("networkAddressPrefix")["default"])
    app = ipaddress.ip_network(parameter("appSubnetPrefix")["default"])
    storage = ipaddress.ip_network(parameter("storageSubnetPrefix")["default"])
    assert whole.is_private
    assert isinstance(whole, ipaddress.IPv4Network)
    assert isinstance(app, ipaddress.IPv4Network)
    assert isinstance(storage, ipaddress.IPv4Network)
    assert app.subnet_of(whole)
    assert storage.subnet_of(whole)
    assert not app.overlaps(storage)
    assert app.num_addresses >= 32
    assert storage.num_addresses - 5 >= 4  # Azure keeps five; a second store while restoring
