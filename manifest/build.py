"""Build the Teams app package: fill the manifest, check everything, write the zip.

Use: python -m manifest.build [--env FILE] [--out dist/front-door.zip]
"""

import argparse
import json
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from manifest.icons import check_colour, check_outline
from manifest.rules import check_rules
from manifest.schema import check_schema
from manifest.variables import PackageError, check_values, fill, parse_env

HERE = Path(__file__).parent
TEMPLATE = HERE / "manifest.template.json"
DEFAULT_ENV = Path("manifest/package.env")
DEFAULT_OUT = Path("dist/front-door.zip")
# The zip format cannot hold an earlier time, and any fixed one will do.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def build(env: Path, out: Path, folder: Path = HERE) -> list[str]:
    """Write the package to `out` and return its file names.

    `folder` holds the template and icons. Raise PackageError, and write nothing,
    if anything is wrong.
    """
    values = _read_env(env)
    check_values(values)
    template = json.loads((folder / TEMPLATE.name).read_text(encoding="utf-8"))
    manifest: dict[str, Any] = fill(template, values)
    problems = check_schema(manifest)
    # The rules read a manifest of the right shape, so the schema goes first.
    problems = problems or [*check_rules(manifest), *_check_icons(folder)]
    if problems:
        raise PackageError(problems)
    files = _files(manifest, folder)
    _write_zip(out, files)
    return list(files)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build from the command line; return 0, or 1 after printing the problems."""
    options = _parser().parse_args(arguments)
    try:
        names = build(options.env, options.out)
    except PackageError as error:
        print("The app package was not built:", file=sys.stderr)
        for problem in error.problems:
            print(f"  {problem}", file=sys.stderr)
        return 1
    size = options.out.stat().st_size
    print(f"Wrote {options.out} ({size:,} bytes): {', '.join(names)}")
    if options.env.suffix == ".example":
        print("It holds example values: check it, but do not upload it to Teams.")
    return 0


def _parser() -> argparse.ArgumentParser:
    """Return the command line parser."""
    parser = argparse.ArgumentParser(
        prog="python -m manifest.build", description="Build the Teams app package."
    )
    parser.add_argument("--env", type=Path, default=DEFAULT_ENV, help="file of variables")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="zip to write")
    return parser


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
