"""Named files that lie apart from the tables: a folder here, or a container of blobs in Azure."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol, TypeVar

from bot.desk.ports import StoreUnavailable

T = TypeVar("T")


class Blobs(Protocol):
    """Names are path-like, of safe characters. Faults raise StoreUnavailable."""

    async def start(self) -> None: ...
    async def close(self) -> None: ...

    async def create(self, name: str, data: bytes) -> bool:
        """False, and nothing changed, where the name is taken."""

    async def get(self, name: str) -> bytes | None: ...

    async def delete(self, name: str) -> None:
        """Nothing happens if it is not there."""

    def names(self, prefix: str) -> AsyncIterator[str]:
        """In order."""


class FolderBlobs:
    """Each blob a file below `folder`, which is made when missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def start(self) -> None:
        await _on_thread(lambda: self._folder.mkdir(parents=True, exist_ok=True))

    async def close(self) -> None:
        return None

    async def create(self, name: str, data: bytes) -> bool:
        path = self._at(name)
        return await _on_thread(lambda: self._create(path, data))

    def _at(self, name: str) -> Path:
        """A name that leads out of the folder is a fault of whoever made it up."""
        if name.startswith("/") or ".." in name.split("/"):
            raise ValueError("the name of a blob leads out of its folder")
        return self._folder / name

    @staticmethod
    def _create(path: Path, data: bytes) -> bool:
        """Whole or not at all: written beside, then linked to its name, which fails if taken."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.link(beside, path)
        except FileExistsError:
            return False
        finally:
            beside.unlink(missing_ok=True)
        return True

    async def get(self, name: str) -> bytes | None:
        path = self._at(name)
        return await _on_thread(lambda: _bytes_of(path))

    async def delete(self, name: str) -> None:
        path = self._at(name)
        await _on_thread(lambda: _overwrite_and_remove(path))

    async def names(self, prefix: str) -> AsyncIterator[str]:
        for name in await _on_thread(lambda: self._names(prefix)):
            yield name

    def _names(self, prefix: str) -> list[str]:
        files = (p for p in self._folder.rglob("*") if p.is_file() and p.name[0] != ".")
        found = (p.relative_to(self._folder).as_posix() for p in files)
        return sorted(name for name in found if name.startswith(prefix))


async def _on_thread(work: Callable[[], T]) -> T:
    """The disk's faults translated once, here. They may name a path: only their kind goes on."""
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise StoreUnavailable(f"{type(error).__name__} in the folder") from error


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _overwrite_and_remove(path: Path) -> None:
    """A key's bytes do not stay behind in the file's old blocks, as far as the disk lets us."""
    try:
        with path.open("r+b") as file:
            file.write(b"\0" * os.fstat(file.fileno()).st_size)
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
