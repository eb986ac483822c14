"""The three storage accounts: closed, written to by one identity, and each as lasting as it must
be: the record locked, the daily copies fixed, the keys gone for good when deleted.
"""

from pathlib import Path

import pytest

from bot.store.azure_tables import TABLES
from tests.infra.bicep import (
    ACCOUNT,
    FILES,
    MODULES,
    ROLES,
    Tree,
    config,
    decorator,
    dotted,
    instances,
    parameter,
    parse,
    passed,
    resource,
    resources,
    role_id,
)

BLOBS = f"{ACCOUNT}/blobServices"
CONTAINERS = f"{BLOBS}/containers"
LOCK = "Microsoft.Authorization/locks"
ACCOUNTS = ("store", "export", "keys")
SYMBOLS = {"store": "store", "export": "copies", "keys": "keys"}
"""What main.bicep calls each module: `export` is a word of the language."""


def account(module: str) -> Tree:
    """Return a storage account's settings."""
    return resource(MODULES[module], ACCOUNT)


def blobs(module: str) -> Tree:
    """Return an account's blob service properties."""
    properties: Tree = resource(MODULES[module], BLOBS)["properties"]
    return properties


@pytest.mark.parametrize("module", ACCOUNTS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("minimumTlsVersion", "TLS1_2"),
        ("supportsHttpsTrafficOnly", True),
        ("allowBlobPublicAccess", False),
        ("allowSharedKeyAccess", False),
        ("allowCrossTenantReplication", False),
        ("defaultToOAuthAuthentication", True),
        ("publicNetworkAccess", "Disabled"),
        ("networkAcls", {"bypass": "None", "defaultAction": "Deny"}),
    ],
)
def test_storage_is_closed(module: str, name: str, value: object) -> None:
    """Each account takes only signed-in, encrypted requests from the app's network."""
    assert account(module)["properties"][name] == value


@pytest.mark.parametrize("module", ACCOUNTS)
def test_storage_kind_and_encryption(module: str) -> None:
    """Each account is general purpose, spread over zones at least, and encrypted twice."""
    assert account(module)["kind"] == "StorageV2"
    assert account(module)["sku"] == {"name": "redundancy"}
    assert passed(SYMBOLS[module])["redundancy"] == "storageRedundancy"
    assert account(module)["properties"]["encryption"]["requireInfrastructureEncryption"] is True


def test_redundancy_stays_in_the_uk() -> None:
    """Zones, or zones and the second region, which for UK South is UK West. Nothing readable."""
    assert decorator(parameter("storageRedundancy"), "allowed") == [
        "Standard_ZRS",
        "Standard_GZRS",
    ]


def test_there_are_three_accounts() -> None:
    """Keys and what they open are never in one account."""
    kinds = [r["type"] for path in FILES for r in resources(path)]
    assert kinds.count(ACCOUNT) == 3
    names = {passed(SYMBOLS[module])["name"] for module in ACCOUNTS}
    assert names == {"storageAccountName", "exportAccountName", "keysAccountName"}


def test_tables() -> None:
    """Every table is made in the account."""
    kind = f"{ACCOUNT}/tableServices"
    assert resource(MODULES["store"], kind) == {"parent": "account", "name": "default"}
    [loop] = [r for r in resources(MODULES["store"]) if r["type"] == f"{kind}/tables"]
    names = parse(MODULES["store"])["variables"]["tableNames"]["value"]
    assert names == list(TABLES)
    assert loop["config"]["loop_type"]["detail"]["array_name"] == "tableNames"
    assert config(loop) == {"parent": "tableService", "name": "tableName"}


# The daily copies


def test_copies_have_versions_and_can_be_undeleted() -> None:
    """What is overwritten or deleted by mistake comes back."""
    assert blobs("export")["isVersioningEnabled"] is True
    for kept in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
        assert blobs("export")[kept] == {"enabled": True, "days": 30}


def test_copies_are_fixed_for_a_time() -> None:
    """The policy holds for every version; it is locked only where somebody asks for it."""
    fixed = account("export")["properties"]["immutableStorageWithVersioning"]
    assert fixed["enabled"] is True
    policy = fixed["immutabilityPolicy"]
    assert policy["immutabilityPeriodSinceCreationInDays"] == "fixedDays"
    assert policy["allowProtectedAppendWrites"] is False
    chosen = policy["state"]["operator"]
    assert chosen["type"] == "conditional"
    assert chosen["operands"] == {
        "condition": "fixedForGood",
        "true_value": "Locked",
        "false_value": "Unlocked",
    }
    assert parameter("exportFixedForGood")["default"] is False
    assert passed("copies")["fixedForGood"] == "exportFixedForGood"
    assert passed("copies")["fixedDays"] == "exportFixedDays"


def test_old_versions_go_and_nothing_else_does() -> None:
    """The rule deletes versions that are no longer the newest, after days one can set."""
    policy = resource(MODULES["export"], f"{ACCOUNT}/managementPolicies")
    [rule] = policy["properties"]["policy"]["rules"]
    assert rule["enabled"] is True
    assert rule["definition"]["actions"] == {
        "version": {"delete": {"daysAfterCreationGreaterThan": "keepVersionsDays"}}
    }
    assert passed("copies")["keepVersionsDays"] == "exportKeepVersionsDays"


# The keys


def test_a_deleted_key_is_gone() -> None:
    """Nothing in the keys' account keeps what was deleted, so erasing a key erases the words."""
    assert blobs("keys") == {
        "isVersioningEnabled": False,
        "deleteRetentionPolicy": {"enabled": False},
        "containerDeleteRetentionPolicy": {"enabled": False},
        "restorePolicy": {"enabled": False},
        "changeFeed": {"enabled": False},
    }
    assert "immutableStorageWithVersioning" not in account("keys")["properties"]
    # Object replication, backup and lifecycle rules would each be a resource of their own.
    assert {r["type"] for r in resources(MODULES["keys"])} == {
        ACCOUNT,
        BLOBS,
        CONTAINERS,
        ROLES,
        LOCK,
    }
    [container] = [r for r in resources(MODULES["keys"]) if r["type"] == CONTAINERS]
    assert config(container)["properties"] == {"publicAccess": "None"}


# The app's rights


TABLE_CONTRIBUTOR = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"
BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
IMAGE_PULLER = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
METRICS_PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"


@pytest.mark.parametrize(
    ("symbol", "scope", "role"),
    [
        ("store", "account", TABLE_CONTRIBUTOR),
        ("copies", "container", BLOB_CONTRIBUTOR),
        ("keys", "container", BLOB_CONTRIBUTOR),
        ("registry", "registry", IMAGE_PULLER),
        ("logs", "insights", METRICS_PUBLISHER),
    ],
)
def test_identity_has_the_least_role(symbol: str, scope: str, role: str) -> None:
    """Each role is a built-in one, on one resource, for the identity and nobody else."""
    path = MODULES[Path(instances()[symbol]["detail"]["path"]).stem]
    grant = resource(path, ROLES)
    assert grant["scope"] == scope
    assert grant["properties"]["principalId"] == "principalId"
    assert grant["properties"]["principalType"] == "ServicePrincipal"
    assert role_id(path, grant) == role
    assert passed(symbol)["principalId"] == "identity.properties.principalId"


def test_roles_are_given_nowhere_else() -> None:
    """The identity holds five roles and no more."""
    kinds = [r["type"] for path in FILES for r in resources(path)]
    assert kinds.count(ROLES) == 5


@pytest.mark.parametrize("module", ["export", "keys"])
def test_the_app_is_told_the_address_of_the_container(module: str) -> None:
    """The address is the container's, whose name is the one made."""
    tree = parse(MODULES[module])
    [container] = [r for r in resources(MODULES[module]) if r["type"] == CONTAINERS]
    assert config(container)["name"] == "containerName"
    url = tree["outputs"]["containerUrl"]["value"]
    assert url == "${account.properties.primaryEndpoints.blob}${containerName}"
    name = "exportUrl" if module == "export" else "keysUrl"
    assert passed("app")[name] == f"{SYMBOLS[module]}.outputs.containerUrl"


# Locks


@pytest.mark.parametrize("module", ACCOUNTS)
def test_accounts_are_locked_where_asked(module: str) -> None:
    """Nobody deletes an account by mistake, where a lock is asked for."""
    [lock] = [r for r in resources(MODULES[module]) if r["type"] == LOCK]
    assert lock["config"]["condition"] == "lock"
    assert config(lock)["scope"] == "account"
    assert config(lock)["properties"]["level"] == "CanNotDelete"
    assert passed(SYMBOLS[module])["lock"] == "lockStorage"


def test_whether_to_lock_must_be_said() -> None:
    """There is no default: forgetting it must not leave a record unlocked."""
    assert parameter("lockStorage")["default"] is None


def test_output_of_the_record() -> None:
    """The record's address is the account's table service."""
    output = parse(MODULES["store"])["outputs"]["tableEndpoint"]["value"]
    assert dotted(output) == "account.properties.primaryEndpoints.table"
