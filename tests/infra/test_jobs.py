"""Jobs a person starts when no copy of the app runs: the app's own image, identity, settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.command_line import _parser
from bot.tools_cli import add_parsers
from tests.infra.bicep import (
    MAIN,
    MODULES,
    Tree,
    config,
    dotted,
    instances,
    parse,
    passed,
    resource,
)

APP = MODULES["app"]
AT = ("restore", "--at", "restoreAt", "--store", "restoreEndpoint")


def job() -> Tree:
    """Return the one resource that makes every job."""
    found: Tree = resource(APP, "Microsoft.App/jobs")
    return found


def rows() -> tuple[list[Tree], Tree]:
    """Return the jobs there always are, and the choice of those there can be."""
    made = parse(APP)["variables"]["work"]["value"]["function"]
    assert made["type"] == "concat"
    always: list[Tree] = made["parameters"]["arg_1"]
    chosen: Tree = made["parameters"]["arg_2"]["operator"]["operands"]
    return always, chosen


def names() -> dict[str, list[str]]:
    """Return every job that there can be, and the words it gives the program."""
    always, chosen = rows()
    return {row["name"]: row["args"] for row in [*always, *chosen["false_value"]]}


def test_these_are_the_jobs() -> None:
    """What must work while nothing can be run inside a copy of the app."""
    assert names() == {
        "doctor": ["doctor"],
        "export": ["export"],
        "list-exports": ["restore", "--list"],
        "restore": list(AT),
    }


@pytest.mark.parametrize("words", names().values(), ids=lambda words: " ".join(words))
def test_a_job_gives_the_program_words_it_knows(words: list[str]) -> None:
    """A word misspelt is found when it is needed most."""
    values = {"restoreAt": "2026-11-24T02:00:00", "restoreEndpoint": "https://x.example"}
    given = _parser(add_parsers).parse_args([values.get(word, word) for word in words])
    assert given.command == words[0]


def test_a_restore_says_which_day_and_is_made_only_where_one_is_named() -> None:
    """The newest copy can be of the spoilt store: a person chooses the moment."""
    _, chosen = rows()
    assert chosen["condition"]["function"] == {
        "type": "empty",
        "parameters": {"item_to_test": "restoreAt"},
    }
    assert chosen["true_value"] == []
    assert passed("app")["restoreAt"]["operator"]["operands"] == {
        "condition": "makesSecondStore",
        "true_value": "restoreAt",
        "false_value": "",
    }


def test_only_a_person_starts_one_and_it_ends() -> None:
    """No timetable, no second try, and an hour at most."""
    how: dict[str, Any] = job()["properties"]["configuration"]
    assert how["triggerType"] == "Manual"
    assert how["manualTriggerConfig"] == {"parallelism": 1, "replicaCompletionCount": 1}
    assert how["replicaRetryLimit"] == 0
    assert how["replicaTimeout"] == 3600


def test_a_job_is_the_app_with_other_words() -> None:
    """Another image, identity or setting would say how another bot is."""
    properties = job()["properties"]
    app = resource(APP, "Microsoft.App/containerApps")
    [its], [apps] = (one["properties"]["template"]["containers"] for one in (job(), app))
    assert job()["identity"] == app["identity"]
    assert dotted(properties["environmentId"]) == "appEnvironment.id"
    assert properties["configuration"]["registries"] == "registries"
    assert {k: its[k] for k in ("image", "env", "resources")} == {
        k: apps[k] for k in ("image", "env", "resources")
    }
    assert (dotted(its["name"]), dotted(its["args"])) == ("one.name", "one.args")


# A second store to restore into


def test_a_second_store_is_made_only_where_it_is_named_and_is_another() -> None:
    """Naming the app's own account would make it twice."""
    assert instances()["restored"]["config"]["condition"] == "makesSecondStore"
    chosen = parse(MAIN)["variables"]["makesSecondStore"]["value"]["operator"]["operands"]
    assert chosen["true_value"] is False
    assert chosen["false_value"]["operator"]["type"] == "not_equals"
    assert parse(MAIN)["parameters"]["restoreStorageAccountName"]["default"] == ""


def test_a_second_store_is_what_the_first_is() -> None:
    """The same module with the same values, so that the app can go over to it as it is."""
    inner = parse(MODULES["restore"])["modules"]
    assert inner["store"]["detail"]["path"] == "store.bicep"
    assert inner["endpoint"]["detail"]["path"] == "endpoint.bicep"
    given = {name: dotted(value) for name, value in config(inner["store"])["params"].items()}
    assert given == {name: name for name in passed("store")}
    first = {**passed("store"), "name": "restoreStorageAccountName"}
    assert {name: passed("restored")[name] for name in first} == first
    way = {name: dotted(value) for name, value in config(inner["endpoint"])["params"].items()}
    assert (way["accountId"], way["service"]) == ("store.outputs.accountId", "table")
    known = parse(MODULES["endpoint"])["parameters"]
    assert set(way) == set(known) == set(passed("storeEndpoint"))


def test_an_endpoint_is_named_after_its_account() -> None:
    """An endpoint cannot change its account: going over to another makes another, or finds it."""
    inner = config(parse(MODULES["restore"])["modules"]["endpoint"])["params"]["name"]
    assert inner == "${name}-table"
    assert passed("storeEndpoint")["name"] == "${storageAccountName}-table"
    assert passed("copiesEndpoint")["name"] == "${exportAccountName}-blob"
    assert passed("keysEndpoint")["name"] == "${keysAccountName}-blob"


def test_the_app_is_not_told_of_the_second_store() -> None:
    """It goes on with its own until somebody changes its name."""
    assert passed("app")["storeEndpoint"] == "store.outputs.tableEndpoint"
    settings = parse(APP)["variables"]["settings"]["value"]
    assert "restoreEndpoint" not in {row["value"] for row in settings}
    assert Path(instances()["restored"]["detail"]["path"]).name == "restore.bicep"
