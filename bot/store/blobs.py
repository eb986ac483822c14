"""Named files that lie apart from the tables: a folder here, or a container of blobs in Azure."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol


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
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)

    async def close(self) -> None:
        return None

    async def create(self, name: str, data: bytes) -> bool:
        return await asyncio.to_thread(self._create, self._folder / name, data)

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
        try:
            return await asyncio.to_thread((self._folder / name).read_bytes)
        except FileNotFoundError:
            return None

    async def delete(self, name: str) -> None:
        await asyncio.to_thread(_overwrite_and_remove, self._folder / name)

    async def names(self, prefix: str) -> AsyncIterator[str]:
        for name in await asyncio.to_thread(self._names, prefix):
            yield name

    def _names(self, prefix: str) -> list[str]:
        files = (p for p in self._folder.rglob("*") if p.is_file() and p.name[0] != ".")
        found = (p.relative_to(self._folder).as_posix() for p in files)
        return sorted(name for name in found if name.startswith(prefix))


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
