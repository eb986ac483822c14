"""Azure Table Storage through azure-data-tables (async), or Azurite by connection string."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from azure.core import MatchConditions
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.core.pipeline.transport import AioHttpTransport
from azure.data.tables import TableEntity, TableTransactionError, UpdateMode
from azure.data.tables.aio import TableClient, TableServiceClient

from bot.desk.ports import AlreadyThere, Changed, Row, StoreUnavailable, Value

TABLES = (
    *("Commits", "Desk", "Index", "Figures", "Refusals", "Decisions"),
    *("Tallies", "Calls", "Baseline"),
)
_ANSWERS_WITHIN_S = 5.0
"""Each of three tries, and each page: the library's own limit is five minutes."""
_CALL_ENDS_WITHIN_S = 20.0
"""All tries of what is one request, and whatever the service asks to be waited between them."""
_PAGES_END_WITHIN_S = 120.0
"""The same of what takes many, a walk over a whole table apart."""
_MOST_IN_ONE_TRANSACTION = 100
_SYSTEM = ("PartitionKey", "RowKey")
_NO_ECHO = "return-no-content"
"""Else the service sends what it was given back again."""


def _entity(row: Row) -> dict[str, Any]:
    return {"PartitionKey": row.partition, "RowKey": row.key, **row.props}


def _if_unchanged(row: Row) -> dict[str, Any]:
    return {
        "mode": UpdateMode.REPLACE,
        "etag": row.etag,
        "match_condition": MatchConditions.IfNotModified,
    }


def _operation(row: Row) -> Any:
    if row.etag:
        return "update", _entity(row), _if_unchanged(row)
    return "create", _entity(row)


def _value(value: Any) -> Value:
    if isinstance(value, dt.datetime):
        return dt.datetime.fromisoformat(value.isoformat()).astimezone(dt.UTC)
    if isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a stored property of type {type(value).__name__}")


def _row(table: str, entity: TableEntity) -> Row:
    props = {k: _value(v) for k, v in entity.items() if k not in _SYSTEM}
    etag = str(entity.metadata.get("etag", ""))
    return Row(table, entity["PartitionKey"], entity["RowKey"], props, etag)


class AzureRows:
    """`account` is an https table endpoint with `credential`, or a connection string without."""

    def __init__(
        self,
        account: str,
        credential: AsyncTokenCredential | None = None,
        answers_within_s: float = _ANSWERS_WITHIN_S,
    ) -> None:
        self._account = account
        self._credential = credential
        self._answers_within_s = answers_within_s
        self._session: aiohttp.ClientSession | None = None
        self._service: TableServiceClient | None = None
        self._tables: dict[str, TableClient] = {}

    async def start(self) -> None:
        """Opens one session and makes the tables. Raises StoreUnavailable."""
        self._session = aiohttp.ClientSession(auto_decompress=False)
        options: dict[str, Any] = {
            "transport": AioHttpTransport(
                session=self._session,
                session_owner=False,
                use_env_settings=False,
                connection_timeout=self._answers_within_s,  # it overrides the session's own
                read_timeout=self._answers_within_s,
            ),
            "retry_total": 2,
        }
        if self._credential:
            self._service = TableServiceClient(
                endpoint=self._account, credential=self._credential, **options
            )
        else:
            self._service = TableServiceClient.from_connection_string(self._account, **options)
        async with _faults():
            for table in TABLES:
                await self._service.create_table_if_not_exists(table)
        self._tables = {t: self._service.get_table_client(t) for t in TABLES}

    async def close(self) -> None:
        if self._service:
            await self._service.close()
        if self._credential:
            await self._credential.close()
        if self._session:
            await self._session.close()

    async def write(self, rows: Sequence[Row]) -> None:
        client, key = self._tables[rows[0].table], rows[0].key
        async with _faults(), asyncio.timeout(_CALL_ENDS_WITHIN_S):
            try:
                if len(rows) > 1:
                    await client.submit_transaction([_operation(r) for r in rows])
                elif rows[0].etag:
                    await client.update_entity(_entity(rows[0]), **_if_unchanged(rows[0]))
                else:
                    await client.create_entity(_entity(rows[0]), response_preference=_NO_ECHO)
            except ResourceExistsError as error:
                raise AlreadyThere(key) from error
            except (ResourceModifiedError, ResourceNotFoundError) as error:
                raise Changed(key) from error
            except TableTransactionError as error:
                if error.status_code == 409:
                    raise AlreadyThere(key) from error
                if error.status_code in (404, 412):
                    raise Changed(key) from error
                raise

    async def put(self, row: Row) -> None:
        async with _faults(), asyncio.timeout(_CALL_ENDS_WITHIN_S):
            await self._tables[row.table].upsert_entity(_entity(row), mode=UpdateMode.REPLACE)

    async def put_many(self, rows: Sequence[Row]) -> None:
        by_partition: dict[str, list[Row]] = {}
        for row in rows:
            by_partition.setdefault(row.partition, []).append(row)
        async with _faults(), asyncio.timeout(_PAGES_END_WITHIN_S):
            for found in by_partition.values():
                for start in range(0, len(found), _MOST_IN_ONE_TRANSACTION):
                    some = found[start : start + _MOST_IN_ONE_TRANSACTION]
                    await self._tables[rows[0].table].submit_transaction(
                        [("upsert", _entity(r), {"mode": UpdateMode.REPLACE}) for r in some]
                    )

    async def delete(self, table: str, partition: str, key: str) -> None:
        async with _faults(), asyncio.timeout(_CALL_ENDS_WITHIN_S):
            await self._tables[table].delete_entity(partition, key)

    async def get(self, table: str, partition: str, key: str) -> Row | None:
        async with _faults(), asyncio.timeout(_CALL_ENDS_WITHIN_S):
            try:
                return _row(table, await self._tables[table].get_entity(partition, key))
            except ResourceNotFoundError:
                return None

    async def query(self, table: str, partition: str, first: str = "", last: str = "") -> list[Row]:
        wanted = "PartitionKey eq @p and RowKey ge @a"
        values = {"p": partition, "a": first}
        if last:
            wanted += " and RowKey le @z"
            values["z"] = last
        async with _faults(), asyncio.timeout(_PAGES_END_WITHIN_S):
            found = self._tables[table].query_entities(wanted, parameters=values)
            return [_row(table, e) async for e in found]

    async def walk(self, table: str) -> AsyncIterator[Row]:
        async with _faults():
            async for entity in self._tables[table].list_entities():
                yield _row(table, entity)

    async def scrub(self) -> None:
        """The service's own matter: a replaced entity cannot be asked for again."""


@asynccontextmanager
async def _faults() -> AsyncIterator[None]:
    """Driver errors translated once, here."""
    try:
        yield
    except (AlreadyThere, Changed):
        raise
    except HttpResponseError as error:
        raise StoreUnavailable(f"table storage answered {error.status_code}") from error
    except (TimeoutError, AzureError, aiohttp.ClientError) as error:
        raise StoreUnavailable(type(error).__name__) from error
