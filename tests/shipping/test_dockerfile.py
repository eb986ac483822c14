"""The Dockerfile as it is written: pinned, small, not root, and started as the platform expects."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from importlib import metadata

import pytest

from bot.settings import Settings
from tests.infra.bicep import MAIN, MODULES, parse
from tests.shipping.image import (
    ROOT,
    copied,
    copies,
    ignored,
    instructions,
    last_stage,
    only,
    patterns,
)

STEPS = {"FROM", "ARG", "LABEL", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE"}


def test_it_has_no_instruction_but_these() -> None:
    """ADD fetches and unpacks, VOLUME and ONBUILD surprise."""
    assert {i.name for i in instructions()} == {*STEPS, "ENTRYPOINT", "CMD"}


def test_both_stages_are_one_small_python_pinned_to_a_minor_version() -> None:
    """What was compiled is run by the Python that compiled it."""
    bases = {text.split()[0] for text in only("FROM")}
    [base] = bases
    found = re.fullmatch(r"python:3\.(\d+)-slim-[a-z]+", base)
    assert found
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"3.{found[1]}" >= project["requires-python"].removeprefix(">=")
    assert int(found[1]) >= 11


def test_packages_are_installed_by_hash_and_for_running_only() -> None:
    """Nothing comes in that the lock file does not know, nor what only tests need."""
    [install] = [text for text in only("RUN") if " install " in text]
    assert "--require-hashes" in install
    assert "--only-binary :all:" in install
    assert re.findall(r"-r (\S+)", install) == ["requirements.txt"]


def test_every_source_is_there_and_not_ignored() -> None:
    """COPY of a path that .dockerignore leaves out fails in an engine."""
    for sources, _ in copies():
        for source in sources:
            assert (ROOT / source).exists(), source
            assert not ignored(source, patterns()), source


def test_nothing_is_in_it_that_is_not_for_running() -> None:
    """No tests, templates for Azure or Teams, samples, documents or files of a person's own."""
    inside = copied()
    tops = {path.split("/")[0] for path in inside}
    assert tops == {"requirements.txt", "app.py", "LICENSE", "bot", "cards"}
    assert not [p for p in inside if p.endswith((".pyc", ".db", ".env", ".pem"))]
    assert not [p for p in inside if p.startswith("cards/samples/")]
    assert sum(file.stat().st_size for file in inside.values()) < 6_000_000


def test_ignoring_reads_patterns_as_docker_does() -> None:
    """The last pattern that fits decides, and a folder speaks for what is in it."""
    rules = ["*", "!bot", "**/*.pyc", "bot/web/*.png", "!bot/web/keep.png"]
    assert ignored("README.md", rules)
    assert ignored("docs/a.md", rules)
    assert not ignored("bot/desk/desk.py", rules)
    assert ignored("bot/desk/desk.pyc", rules)
    assert ignored("bot/web/a.png", rules)
    assert not ignored("bot/web/more/a.png", rules)
    assert not ignored("bot/web/keep.png", rules)


def third_party() -> dict[str, str]:
    """Return each library that the copied program imports, with a file that imports it."""
    found: dict[str, str] = {}
    for inside, file in copied().items():
        if not inside.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                top = name.split(".")[0]
                if top not in sys.stdlib_module_names and top not in ("bot", "cards"):
                    found[top] = inside
    return found


def test_every_library_imported_is_one_that_is_installed() -> None:
    """A library that only tests lock would be missing in the image, and nowhere else."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    locked = {name.lower() for name in re.findall(r"^([\w.-]+)==", text, flags=re.MULTILINE)}
    owners = metadata.packages_distributions()
    used = third_party()
    assert used
    for top, inside in used.items():
        names = {re.sub(r"[-_.]+", "-", owner.lower()) for owner in owners[top]}
        assert names & locked, f"{inside} imports {top}"


def test_it_does_not_run_as_root() -> None:
    """The user is a number that is not root's, set after the last step that needs root."""
    names = [i.name for i in last_stage()]
    [user] = [i.text for i in last_stage() if i.name == "USER"]
    assert re.fullmatch(r"[1-9]\d{4,}:[1-9]\d{4,}", user)
    uid, gid = user.split(":")
    [made] = [i.text for i in last_stage() if i.name == "RUN"]
    assert f"--gid {gid}" in made
    assert f"--uid {uid}" in made
    after = names[names.index("USER") :]
    assert not {"RUN", "COPY"} & set(after)


def test_it_is_started_as_the_platform_expects() -> None:
    """`python app.py serve` in /app, on the port that Azure sends to."""
    assert json.loads(only("ENTRYPOINT")[-1]) == ["python", "app.py"]
    assert json.loads(only("CMD")[-1]) == ["serve"]
    assert {i.text for i in instructions() if i.name == "WORKDIR"} == {"/app"}
    [port] = only("EXPOSE")
    assert int(port) == Settings.model_fields["port"].default
    assert int(port) == parse(MODULES["app"])["variables"]["port"]["value"]


def test_the_default_configuration_is_where_azure_looks_for_it() -> None:
    """The Bicep's default path is a file of the image."""
    path = parse(MAIN)["parameters"]["configPath"]["default"]
    assert path.removeprefix("/app/") in copied()


def test_it_writes_no_bytecode_and_keeps_no_line_back() -> None:
    """The file system may be read-only, and a line lost in a buffer is a line lost."""
    [env] = [i.text for i in last_stage() if i.name == "ENV"]
    assert "PYTHONDONTWRITEBYTECODE=1" in env
    assert "PYTHONUNBUFFERED=1" in env
    assert "HOME=/tmp" in env
    [compiled] = [text for text in only("RUN") if "compileall" in text]
    assert compiled.split("unchecked-hash ")[1].split() == ["app.py", "bot", "cards"]


@pytest.mark.parametrize("kind", ["ENV", "ARG", "LABEL", "RUN"])
def test_it_holds_no_secret(kind: str) -> None:
    """Whatever is written here, anybody with the image can read."""
    words = r"password|secret|token|_key\b|connection_?string"
    assert not [text for text in only(kind) if re.search(words, text, re.IGNORECASE)]
