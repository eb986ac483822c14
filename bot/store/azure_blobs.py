"""A container of blobs in Azure Storage, through azure-storage-blob (async)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.storage.blob.aio import ContainerClient

from bot.desk.ports import StoreUnavailable

_TIMEOUT_S = 20


class AzureBlobs:
    """`container` is its https address with `credential`, or a name with a connection string."""

    def __init__(
        self,
        container: str,
        credential: AsyncTokenCredential | None = None,
        connection_string: str = "",
    ) -> None:
        options: dict[str, Any] = {
            "retry_total": 2,
            "initial_backoff": 1,  # this library's own is 15 seconds
            "increment_base": 2,
            "connection_timeout": _TIMEOUT_S,
            "read_timeout": _TIMEOUT_S,
        }
        self._credential = credential
        if connection_string:
            self._client = ContainerClient.from_connection_string(
                connection_string, container, **options
            )
        else:
            self._client = ContainerClient.from_container_url(
                container, credential=credential, **options
            )

    async def start(self) -> None:
        """The container is the deployment's to make; without it nothing would be kept. With a
        connection string (a storage emulator) it is made here.
        """
        async with _faults():
            if self._credential is None:
                try:
                    await self._client.create_container()
                except ResourceExistsError:
                    return
            elif not await self._client.exists():
                raise StoreUnavailable("the blob container is not there")

    async def close(self) -> None:
        await self._client.close()
        if self._credential:
            await self._credential.close()

    async def create(self, name: str, data: bytes) -> bool:
        async with _faults():
            try:
                await self._client.upload_blob(name, data, overwrite=False)
            except ResourceExistsError:
                return False
            return True

    async def get(self, name: str) -> bytes | None:
        async with _faults():
            try:
                found = await self._client.download_blob(name)
                return bytes(await found.readall())
            except ResourceNotFoundError:
                return None

    async def delete(self, name: str) -> None:
        async with _faults():
            try:
                await self._client.delete_blob(name)
            except ResourceNotFoundError:
                return

    async def names(self, prefix: str) -> AsyncIterator[str]:
        async with _faults():
            async for name in self._client.list_blob_names(name_starts_with=prefix):
                yield name


@asynccontextmanager
async def _faults() -> AsyncIterator[None]:
    """Driver errors translated once, here."""
    try:
        yield
    except HttpResponseError as error:
        raise StoreUnavailable(f"blob storage answered {error.status_code}") from error
    except (TimeoutError, AzureError) as error:
        raise StoreUnavailable(type(error).__name__) from error
