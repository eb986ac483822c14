"""The workflow: what runs before what, with how little permission, and that all it calls exists."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from typing import Any

import pytest
import yaml

from tests.infra.bicep import MAIN, parse
from tests.shipping.image import ROOT, only

FOLDER = ROOT / ".github/workflows"
FILES = sorted(FOLDER.glob("*.yml"))
AZURE = {"trial-what-if", "trial-deploy", "production-what-if", "production-deploy"}


@cache
def document(name: str) -> Any:
    """Return a workflow. YAML reads its `on` as true."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def jobs() -> dict[str, Any]:
    """Return the jobs of the main workflow."""
    found: dict[str, Any] = document("ci.yml")["jobs"]
    return found


def before(job: str) -> set[str]:
    """Return every job that must have ended well before this one starts."""
    direct = set(jobs()[job].get("needs", []))
    return direct.union(*(before(one) for one in direct))


def steps() -> list[dict[str, Any]]:
    """Return every step of both workflows."""
    both = [*jobs().values(), *document("azure.yml")["jobs"].values()]
    return [step for job in both for step in job.get("steps", [])]


def test_there_are_these_jobs_and_no_other() -> None:
    """A job with more rights than it should have cannot slip in."""
    assert set(jobs()) == {"lint", "test", "package", "compile", "image", *AZURE}
    assert [path.name for path in FILES] == ["azure.yml", "ci.yml"]


@pytest.mark.parametrize(
    ("job", "first"),
    [
        ("package", {"lint", "test"}),
        ("image", {"lint", "test", "compile"}),
        ("trial-what-if", {"lint", "test", "package", "compile", "image"}),
        ("trial-deploy", {"trial-what-if", "test", "image"}),
        ("production-what-if", {"trial-deploy"}),
        ("production-deploy", {"production-what-if", "trial-deploy"}),
    ],
)
def test_order(job: str, first: set[str]) -> None:
    """Nothing reaches Azure untested, and production only after the trial and a look."""
    assert first <= before(job)


def test_nothing_is_deployed_from_a_pull_request_or_unasked() -> None:
    """The first job in Azure runs on main, where the council switched it on; the rest follow it."""
    asked = jobs()["trial-what-if"]["if"]
    assert asked == "github.ref == 'refs/heads/main' && vars.DEPLOY_TO != ''"
    assert "always()" not in json.dumps(jobs())
    for job in AZURE - {"trial-what-if"}:
        assert "trial-what-if" in before(job)
    triggers = document("ci.yml")[True]
    assert set(triggers) == {"pull_request", "push"}
    assert triggers["push"] == {"branches": ["main"]}


@pytest.mark.parametrize("name", ["ci.yml", "azure.yml"])
def test_permissions_are_the_least(name: str) -> None:
    """Reading, and a token for Azure in the jobs that go there."""
    assert document(name)["permissions"] == {"contents": "read"}
    for job, about in document(name)["jobs"].items():
        in_azure = name == "azure.yml" or job in AZURE
        expected = {"contents": "read", "id-token": "write"} if in_azure else None
        assert about.get("permissions") == expected, job


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_secret_is_used(path: Any) -> None:
    """Azure trusts GitHub's own tokens: there is no password to steal."""
    text = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not re.search(r"secrets|password|creds:", text, re.IGNORECASE)


def test_signing_in_takes_three_ids_and_no_secret() -> None:
    """The federated credential is found by them."""
    [login] = [step for step in steps() if step.get("uses", "").startswith("azure/login@")]
    assert set(login["with"]) == {"client-id", "tenant-id", "subscription-id"}
    assert all("vars." in value for value in login["with"].values())


def test_production_is_protected() -> None:
    """Only the reviewed environment deploys there; the look before it is under another."""
    used = {job: jobs()[job]["with"]["environment"] for job in AZURE}
    assert used["production-deploy"] == "production"
    assert used["production-what-if"] == "production-plan"
    assert document("azure.yml")["jobs"]["azure"]["environment"] == "${{ inputs.environment }}"


@pytest.mark.parametrize("job", sorted(AZURE))
def test_jobs_in_azure_say_what_and_where(job: str) -> None:
    """Each names a step that the called workflow has, and the parameter file of its stage."""
    about = jobs()[job]
    assert about["uses"] == "./.github/workflows/azure.yml"
    given = about["with"]
    assert set(given) == set(document("azure.yml")[True]["workflow_call"]["inputs"])
    assert given["parameters"] == f"infra/{job.split('-')[0]}.parameters.json"
    assert (ROOT / given["parameters"]).is_file()
    assert given["step"] == job.split("-", 1)[1]
    conditions = {step["if"] for step in steps() if "if" in step}
    assert f"inputs.step == '{given['step']}'" in conditions


def test_no_step_is_cut_off_half_way() -> None:
    """A deployment stopped in the middle leaves neither the old nor the new."""
    assert document("azure.yml")["jobs"]["azure"]["concurrency"]["cancel-in-progress"] is False
    cancel = document("ci.yml")["concurrency"]["cancel-in-progress"]
    assert cancel == "${{ github.ref != 'refs/heads/main' }}"


def test_make_targets_exist() -> None:
    """What it makes, the Makefile knows."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    used = set(re.findall(r"\bmake (\w+)", "\n".join(s.get("run", "") for s in steps())))
    assert used == {"lint", "test", "package"}
    for target in used:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_versions_are_those_promised() -> None:
    """The oldest Python and Node of README.md are tested, and the image's Python."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    promised = re.search(r"Python (3\.\d+) or newer and Node (\d+) or newer", readme)
    assert promised
    pythons = jobs()["test"]["strategy"]["matrix"]["python"]
    [image] = {text.split(":")[1].split("-")[0] for text in only("FROM")}
    assert pythons == [promised[1], image]
    nodes = {s["with"]["node-version"] for s in steps() if "setup-node" in s.get("uses", "")}
    assert nodes == {promised[2]}
    others = {s["with"]["python-version"] for s in steps() if "setup-python" in s.get("uses", "")}
    assert others == {image, "${{ matrix.python }}"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={promised[1]}"


def test_every_action_has_a_version() -> None:
    """None follows a branch."""
    for step in steps():
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@(v\d+|[0-9a-f]{40})", step["uses"])


def test_the_image_that_was_tried_is_the_one_deployed() -> None:
    """It is built once, tried read-only, and named after its commit wherever it goes."""
    runs = "\n".join(step.get("run", "") for step in steps())
    assert len(re.findall(r"docker build\b", runs)) == 1
    [pushed] = [step for step in steps() if "docker push" in step.get("run", "")]
    assert pushed["if"] == "inputs.step == 'deploy'"
    assert "--read-only --tmpfs /tmp" in runs
    saved = [s["with"]["name"] for s in steps() if "artifact@" in s.get("uses", "")]
    assert saved.count("image") == 2  # once up, once down
    for command in ("what-if", "create"):
        [text] = [s["run"] for s in steps() if f"az deployment group {command}" in s.get("run", "")]
        assert 'containerImage="$IMAGE"' in text
        assert "--template-file infra/main.bicep" in text
    assert "containerImage" in parse(MAIN)["parameters"]


def test_the_template_is_compiled_before_anything_is_built_on_it() -> None:
    """The one compiler there is runs on every change."""
    runs = [step.get("run", "") for step in jobs()["compile"]["steps"]]
    assert any("az bicep build --file infra/main.bicep" in run for run in runs)
    assert any("az bicep lint --file infra/main.bicep" in run for run in runs)
