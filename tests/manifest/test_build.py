"""The packages: what each holds, that they can be compared, and what the command says."""

import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from manifest.build import FIXED_TIME, HERE, TEMPLATE, build, main
from manifest.packages import PACKAGES, STANDARD, Package
from manifest.schema import check_schema
from manifest.variables import PackageError
from tests.manifest.conftest import EXAMPLE
from tests.manifest.parts import Manifest, write_env


def test_package_holds_three_files(tmp_path: Path, package: Package) -> None:
    """The zip has the manifest and both icons at its root."""
    out = tmp_path / "new" / package.file
    assert build(EXAMPLE, out, package) == ["manifest.json", "color.png", "outline.png"]
    with zipfile.ZipFile(out) as made:
        assert made.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert made.testzip() is None
        assert {entry.date_time for entry in made.infolist()} == {FIXED_TIME}
        assert check_schema(json.loads(made.read("manifest.json"))) == []
        for name in ("color.png", "outline.png"):
            assert made.read(name) == (HERE / name).read_bytes()


def test_the_zip_holds_the_filled_manifest(tmp_path: Path, filled: Manifest) -> None:
    """The standard package is the template with the values in it."""
    out = tmp_path / "front-door.zip"
    build(EXAMPLE, out)
    with zipfile.ZipFile(out) as made:
        assert json.loads(made.read("manifest.json")) == filled


def test_manifest_names_the_icons_in_the_package(filled: Manifest) -> None:
    """The manifest points at the icon files the build puts in."""
    assert filled["icons"] == {"color": "color.png", "outline": "outline.png"}


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two builds of one thing can be compared byte for byte."""
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    build(EXAMPLE, first)
    build(EXAMPLE, second)
    assert first.read_bytes() == second.read_bytes()


def test_command_line_says_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A good build prints the files and their contents, and warns about example values."""
    assert main(["--env", str(EXAMPLE), "--to", str(tmp_path / "dist")]) == 0
    printed = capsys.readouterr().out
    for package in PACKAGES:
        out = tmp_path / "dist" / package.file
        assert out.is_file()
        assert f"Wrote {out}" in printed
    assert "manifest.json, color.png, outline.png" in printed
    assert "do not upload" in printed


def test_the_two_packages_differ(tmp_path: Path) -> None:
    """They are two files with two manifests."""
    assert main(["--env", str(EXAMPLE), "--to", str(tmp_path)]) == 0
    made = [(tmp_path / package.file).read_bytes() for package in PACKAGES]
    assert len(set(made)) == len(made) == 2


def test_command_line_says_what_is_wrong(
    tmp_path: Path, values: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad build exits 1, names every problem and writes neither package."""
    del values["BOT_ID"]
    bad = write_env(tmp_path / "bad.env", {**values, "APP_VERSION": "one"})
    assert main(["--env", str(bad), "--to", str(tmp_path / "dist")]) == 1
    printed = capsys.readouterr().err
    assert "BOT_ID is missing." in printed
    assert "APP_VERSION must be three numbers" in printed
    assert not (tmp_path / "dist").exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, False),
        ({"PARTNERSHIP_NAME": "Another Partnership"}, True),
        ({"PARTNERSHIP_NAME": "Another Partnership", "APP_VERSION": "1.0.1"}, False),
    ],
)
def test_a_change_without_a_new_version_is_told(
    changed: dict[str, str],
    told: bool,
    tmp_path: Path,
    values: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Teams keeps an uploaded package until the version rises."""
    env, to = tmp_path / "package.env", ["--to", str(tmp_path)]
    main(["--env", str(write_env(env, values)), *to])
    capsys.readouterr()
    assert main(["--env", str(write_env(env, {**values, **changed})), *to]) == 0
    assert ("not its APP_VERSION" in capsys.readouterr().out) is told


def test_what_is_no_package_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broken file in the way is no reason to stop."""
    (tmp_path / STANDARD.file).write_bytes(b"not a zip")
    assert main(["--env", str(EXAMPLE), "--to", str(tmp_path)]) == 0
    assert zipfile.is_zipfile(tmp_path / STANDARD.file)


def test_no_env_file_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first run, before anyone has made package.env, says what to copy."""
    assert main(["--env", str(tmp_path / "package.env")]) == 1
    assert "Copy manifest/package.env.example" in capsys.readouterr().err


def test_build_refuses_a_bad_icon(tmp_path: Path) -> None:
    """The build checks the icons it is about to pack."""
    for name in (TEMPLATE.name, "outline.png"):
        (tmp_path / name).write_bytes((HERE / name).read_bytes())
    Image.new("RGB", (96, 96)).save(tmp_path / "color.png")
    with pytest.raises(PackageError, match=r"color\.png must be 192 by 192"):
        build(EXAMPLE, tmp_path / "out.zip", STANDARD, tmp_path)
    assert not (tmp_path / "out.zip").exists()
