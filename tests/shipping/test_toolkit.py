"""The Microsoft 365 Agents Toolkit's files: every name in them leads somewhere. What the Toolkit
does with them needs a tenant, and is not tried here.
"""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from typing import Any

import pytest
import yaml

from bot.command_line import main
from manifest.build import TEMPLATE
from manifest.variables import TOOLKIT_NAMES, VARIABLES, parse_env
from tests.shipping.image import ROOT

FILES = {
    "dev": ROOT / "m365agents.yml",
    "local": ROOT / "m365agents.local.yml",
    "playground": ROOT / "m365agents.playground.yml",
}
NEEDS: dict[str, set[str]] = {
    "teamsApp/create": {"name"},
    "teamsApp/validateManifest": {"manifestPath"},
    "teamsApp/zipAppPackage": {"manifestPath", "outputZipPath", "outputFolder"},
    "teamsApp/validateAppPackage": {"appPackagePath"},
    "teamsApp/update": {"appPackagePath"},
    "teamsApp/publishAppPackage": {"appPackagePath"},
    "aadApp/create": {"name", "generateClientSecret", "signInAudience"},
    "botFramework/create": {"botId", "name", "messagingEndpoint"},
    "file/createOrUpdateEnvironmentFile": {"target", "envs"},
    "devTool/install": {"testTool"},
}
"""The actions used, and what each must be told (the Toolkit's schema v1.11)."""

VARIABLE = re.compile(r"\$\{\{\s*(?:local:)?(\w+)\s*\}\}")
PATHS = ("manifestPath", "outputZipPath", "outputFolder", "appPackagePath", "target")


@cache
def document(env: str) -> Any:
    """Return the Toolkit's file for an environment."""
    return yaml.safe_load(FILES[env].read_text(encoding="utf-8"))


def values(env: str) -> dict[str, str]:
    """Return the environment's committed variables."""
    return parse_env((ROOT / f"env/.env.{env}").read_text(encoding="utf-8"))


def steps(env: str) -> list[dict[str, Any]]:
    """Return every action of a file, in the order of provision, deploy and publish."""
    stages = ("provision", "deploy", "publish")
    return [step for stage in stages for step in document(env).get(stage, [])]


def vscode(name: str) -> Any:
    """Return one of Visual Studio Code's files."""
    return json.loads((ROOT / ".vscode" / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("env", FILES)
def test_actions_are_known_and_told_what_they_need(env: str) -> None:
    """An action misspelt or half filled in stops the Toolkit at once."""
    assert steps(env)
    for step in steps(env):
        assert NEEDS[step["uses"]] <= set(step["with"]), step["uses"]


@pytest.mark.parametrize("env", FILES)
def test_the_version_is_that_of_the_schema_named(env: str) -> None:
    """The editor checks the file against the schema of its own version."""
    version = document(env)["version"]
    assert f"/m365-agents-toolkits/{version}/yaml.schema.json" in FILES[env].read_text()
    assert int(version.removeprefix("v1.")) >= 9


@pytest.mark.parametrize("env", FILES)
def test_every_variable_is_set_or_written_by_an_earlier_action(env: str) -> None:
    """A variable from nowhere makes the Toolkit stop with the name of it."""
    known = {name for name, value in values(env).items() if value}
    filled_by_hand = {"BOT_ID"} if env == "dev" else set()
    known |= filled_by_hand | (tunnel_writes() if env == "local" else set())
    template = set(VARIABLE.findall(TEMPLATE.read_text(encoding="utf-8")))
    for step in steps(env):
        used = set(VARIABLE.findall(json.dumps(step["with"])))
        if "manifestPath" in step["with"]:
            used |= template
        assert used <= known, step["uses"]
        known |= set(step.get("writeToEnvironmentFile", {}).values())


@pytest.mark.parametrize("env", ["dev", "local"])
def test_what_actions_write_has_a_line_in_the_file(env: str) -> None:
    """A person sees in the file what will be written there; secrets have none."""
    written = {
        name for step in steps(env) for name in step.get("writeToEnvironmentFile", {}).values()
    }
    secret = {name for name in written if name.startswith("SECRET_")}
    assert written - secret <= set(values(env))
    assert not any(name.startswith("SECRET_") for name in values(env))


def tunnel_writes() -> set[str]:
    """Return the variables that opening the tunnel writes."""
    [task] = [t for t in vscode("tasks.json")["tasks"] if t["label"] == "Open the tunnel"]
    [port] = task["args"]["ports"]
    assert port["portNumber"] == 3978
    return set(port["writeToEnvironmentFile"].values())


@pytest.mark.parametrize("env", ["dev", "local"])
def test_one_file_serves_the_toolkit_and_make_package(env: str) -> None:
    """The package's variables are all there, and nothing that the package build refuses."""
    names = set(values(env))
    assert set(VARIABLES) <= names
    assert names <= set(VARIABLES) | TOOLKIT_NAMES


@pytest.mark.parametrize("env", FILES)
def test_each_environment_is_named_after_its_file(env: str) -> None:
    """The Toolkit finds the variables by the environment's name."""
    assert values(env)["TEAMSFX_ENV"] == env


@pytest.mark.parametrize("env", FILES)
def test_paths_are_the_projects_own(env: str) -> None:
    """The manifest is manifest/'s, and what is made goes where git does not look."""
    for step in steps(env):
        for key in PATHS:
            path = step["with"].get(key)
            if key == "manifestPath" and path:
                assert (ROOT / path).resolve() == TEMPLATE.resolve()
            elif path:
                assert is_ignored(path.removeprefix("./")), path


def is_ignored(path: str) -> bool:
    """Whether git leaves a path out."""
    done = subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, check=False)
    return done.returncode == 0


@pytest.mark.parametrize(
    "path", ["env/.env.local.user", "env/.env.dev.user", ".env", ".localConfigs"]
)
def test_secrets_are_ignored_by_git(path: str) -> None:
    """The files that hold a password cannot be committed by mistake."""
    assert is_ignored(path)


@pytest.mark.parametrize("path", ["env/.env.dev", "env/.env.local", "env/.env.playground"])
def test_the_files_without_secrets_are_committed(path: str) -> None:
    """A contributor has them after cloning."""
    assert not is_ignored(path)
    assert not re.search(r"password|secret|key", "".join(values(path.split(".env.")[1])), re.I)


def test_the_bot_is_told_what_it_needs() -> None:
    """The file that F5 starts the bot with sets what production sets, for one tenant."""
    [written] = [s for s in steps("local") if s["uses"] == "file/createOrUpdateEnvironmentFile"]
    told = written["with"]["envs"]
    assert told["MICROSOFT_APP_TYPE"] == "SingleTenant"
    assert told["MICROSOFT_APP_ID"] == "${{BOT_ID}}"
    assert told["MICROSOFT_APP_PASSWORD"] == "${{SECRET_BOT_PASSWORD}}"
    assert is_ignored(told["FRONT_DOOR_STORE"])
    assert is_ignored(values("local")["FRONT_DOOR_CONFIG"])
    [bot] = [c for c in vscode("launch.json")["configurations"] if c["name"] == "Bot for Teams"]
    assert bot["envFile"].endswith(written["with"]["target"].removeprefix("."))


def test_every_launch_finds_its_parts() -> None:
    """Compounds name configurations, configurations name tasks and programs, and these exist."""
    launch, labels = vscode("launch.json"), {t["label"] for t in vscode("tasks.json")["tasks"]}
    names = {c["name"] for c in launch["configurations"]}
    for compound in launch["compounds"]:
        assert set(compound["configurations"]) <= names
        assert compound["preLaunchTask"] in labels
    for one in launch["configurations"]:
        assert one.get("preLaunchTask", "Set up") in labels
        if one["type"] == "debugpy":
            assert (ROOT / one["program"].removeprefix("${workspaceFolder}/")).is_file()


def test_every_task_finds_its_parts() -> None:
    """Tasks name tasks, make targets and environments that exist."""
    tasks = vscode("tasks.json")["tasks"]
    labels = {t["label"] for t in tasks}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for task in tasks:
        assert set(task.get("dependsOn", [])) <= labels
        if task.get("type") == "shell":
            target = task["command"].removeprefix("make ")
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        if task.get("command") in ("provision", "deploy"):
            assert task["command"] in document(task["args"]["env"])


def test_the_partnerships_file_is_made_once_the_tenant_is_known_and_before_the_bot_starts() -> None:
    """Provision writes the tenant; without the file the bot would stop on a clean clone."""
    [start] = [t for t in vscode("tasks.json")["tasks"] if t["label"] == "Start for Teams"]
    order = start["dependsOn"]
    assert start["dependsOrder"] == "sequence"
    assert order.index("Provision") < order.index("Partnership's file") < order.index("Deploy")


def test_debugged_commands_are_commands_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    """What F5 starts is what the command line knows."""
    with pytest.raises(SystemExit):
        main(["--help"])
    known = capsys.readouterr().out
    for one in vscode("launch.json")["configurations"]:
        if one["type"] == "debugpy":
            [word] = one["args"]
            assert word == "--anonymous" or word in known
