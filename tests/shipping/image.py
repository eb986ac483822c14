"""A Dockerfile read without an engine: its instructions, and the files it would copy."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"
DOCKERIGNORE = ROOT / ".dockerignore"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, and which stage (counted from 0) it belongs to."""

    stage: int
    name: str
    text: str


def instructions() -> list[Instruction]:
    """Return the Dockerfile's instructions, continued lines joined and comments left out."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found, stage = [], -1
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        name, _, rest = line.strip().partition(" ")
        if not name:
            continue
        stage += name == "FROM"
        found.append(Instruction(stage, name, rest.strip()))
    return found


def only(name: str) -> list[str]:
    """Return the texts of one kind of instruction."""
    return [i.text for i in instructions() if i.name == name]


def last_stage() -> list[Instruction]:
    """Return what makes the image itself."""
    final = instructions()[-1].stage
    return [i for i in instructions() if i.stage == final]


def copies() -> list[tuple[list[str], str]]:
    """Return the sources and the target of each COPY from the project's own folder."""
    found = []
    for text in only("COPY"):
        words = text.split()
        if not words[0].startswith("--from="):
            found.append((words[:-1], words[-1]))
    return found


def ignored(path: str, patterns: list[str]) -> bool:
    """Whether these .dockerignore patterns leave a path out: the last one that fits decides."""
    parts = PurePosixPath(path).parts
    above = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    out = False
    for pattern in patterns:
        fits = re.compile(_regex(pattern.removeprefix("!").strip("/")))
        if any(fits.fullmatch(one) for one in above):
            out = not pattern.startswith("!")
    return out


def _regex(pattern: str) -> str:
    """Return a pattern as a regular expression: `**` is any folders, `*` anything but a slash."""
    escaped = re.escape(pattern)
    escaped = escaped.replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*")
    return escaped.replace(r"\*", "[^/]*").replace(r"\?", "[^/]")


def patterns() -> list[str]:
    """Return the lines of .dockerignore that say something."""
    lines = [line.strip() for line in DOCKERIGNORE.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def copied() -> dict[str, Path]:
    """Return every file of the project that the image gets, by its path in /app."""
    keep = patterns()
    found: dict[str, Path] = {}
    for sources, _ in copies():
        for source in sources:
            top = ROOT / source
            files = sorted(top.rglob("*")) if top.is_dir() else [top]
            for file in files:
                inside = file.relative_to(ROOT).as_posix()
                if file.is_file() and not ignored(inside, keep):
                    found[inside] = file
    return found


def lay_out(folder: Path) -> Path:
    """Copy what the image gets into a folder and return its /app."""
    app = folder / "app"
    for inside, file in copied().items():
        target = app / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return app
