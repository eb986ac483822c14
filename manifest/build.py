"""Build the Teams app packages: fill each manifest, check everything, write the zips.

Use: python -m manifest.build [--env FILE] [--to dist]
"""

import argparse
import json
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from manifest.icons import check_colour, check_outline
from manifest.packages import PACKAGES, STANDARD, Package
from manifest.rules import check_rules
from manifest.schema import check_schema
from manifest.variables import PackageError, check_values, fill, parse_env

HERE = Path(__file__).parent
TEMPLATE = HERE / "manifest.template.json"
DEFAULT_ENV = Path("manifest/package.env")
DEFAULT_FOLDER = Path("dist")
# The zip format cannot hold an earlier time, and any fixed one will do.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def build(env: Path, out: Path, package: Package = STANDARD, folder: Path = HERE) -> list[str]:
    """Write one package to `out` and return its file names.

    `folder` holds the template and icons. Raise PackageError, and write nothing,
    if anything is wrong.
    """
    files = checked_files(env, package, folder)
    _write_zip(out, files)
    return list(files)


def checked_files(env: Path, package: Package, folder: Path = HERE) -> dict[str, bytes]:
    """Return what goes in a package, by name in its root, or raise PackageError."""
    values = _read_env(env)
    check_values(values)
    template = json.loads((folder / TEMPLATE.name).read_text(encoding="utf-8"))
    manifest: dict[str, Any] = fill(package.change(template), values)
    problems = check_schema(manifest)
    # The rules read a manifest of the right shape, so the schema goes first.
    problems = problems or [*check_rules(manifest, package.rules), *_check_icons(folder)]
    if problems:
        raise PackageError(problems)
    return _files(manifest, folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build every package from the command line; return 0, or 1 after printing the problems."""
    options = _parser().parse_args(arguments)
    try:
        # All are checked before any is written: a folder never holds one of two.
        ready = [(package, checked_files(options.env, package)) for package in PACKAGES]
    except PackageError as error:
        print("The app packages were not built:", file=sys.stderr)
        for problem in error.problems:
            print(f"  {problem}", file=sys.stderr)
        return 1
    for package, files in ready:
        out: Path = options.to / package.file
        if _changed_without_a_new_version(out, files["manifest.json"]):
            print(f"{out} is changed but not its APP_VERSION: Teams keeps what it has of that one.")
        _write_zip(out, files)
        size = out.stat().st_size
        print(f"Wrote {out} ({size:,} bytes), {package.about}: {', '.join(files)}")
    if options.env.suffix == ".example":
        print("They hold example values: check them, but do not upload them to Teams.")
    return 0


def _parser() -> argparse.ArgumentParser:
    """Return the command line parser."""
    parser = argparse.ArgumentParser(
        prog="python -m manifest.build", description="Build the Teams app packages."
    )
    parser.add_argument("--env", type=Path, default=DEFAULT_ENV, help="file of variables")
    parser.add_argument("--to", type=Path, default=DEFAULT_FOLDER, help="folder to write to")
    return parser


def _changed_without_a_new_version(out: Path, manifest: bytes) -> bool:
    """Whether the package already at `out` has this version and says something else."""
    try:
        with zipfile.ZipFile(out) as package:
            before = package.read("manifest.json")
            version = json.loads(before)["version"]
    except (OSError, zipfile.BadZipFile, KeyError, ValueError):
        return False  # nothing there that could have been uploaded
    return bool(before != manifest and version == json.loads(manifest)["version"])


def _read_env(env: Path) -> dict[str, str]:
    """Return the variables in a file, or raise PackageError saying how to make it."""
    try:
        text = env.read_text(encoding="utf-8")
    except FileNotFoundError:
        hint = f"Copy {HERE.name}/package.env.example to it and change its values."
        raise PackageError([f"There is no file {env}. {hint}"]) from None
    except (OSError, UnicodeDecodeError):
        raise PackageError([f"{env} cannot be read as UTF-8 text."]) from None
    return parse_env(text)


def _check_icons(folder: Path) -> list[str]:
    """Return the problems with both icons."""
    return [*check_colour(folder / "color.png"), *check_outline(folder / "outline.png")]


def _files(manifest: dict[str, Any], folder: Path) -> dict[str, bytes]:
    """Return what goes in the package, by name in its root."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    icons = {name: (folder / name).read_bytes() for name in ("color.png", "outline.png")}
    return {"manifest.json": text.encode(), **icons}


def _write_zip(out: Path, files: dict[str, bytes]) -> None:
    """Write a zip whose bytes depend only on `files`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    # Stored, not compressed: compressed bytes vary with the zlib version.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content)


if __name__ == "__main__":
    sys.exit(main())
