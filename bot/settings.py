"""How this process is run: from the environment and the command line. Secrets stay SecretStr."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from bot.configuration import DEFAULT_FILE, ConfigurationError

BOT_FRAMEWORK_ISSUER = "https://api.botframework.com"
BOT_FRAMEWORK_OPENID = "https://login.botframework.com/v1/.well-known/openidconfiguration"
GRAPH = "https://graph.microsoft.com"
CONNECTION_STRING = "APPLICATIONINSIGHTS_CONNECTION_STRING"
TEAMS_HOSTS = ("smba.trafficmanager.net",)
LOOPBACK = ("127.0.0.1", "localhost", "::1")

DESK_STORE = "var/rehearsal.db"
REHEARSAL_APP_ID = "f0d00f00-0000-4000-8000-00000000b07a"
REHEARSAL_SECRET = "rehearsal-only"  # noqa: S105 - known to everybody, good on loopback only


class Settings(BaseModel):
    """One process's settings. `store` is a file path, a connection string or a table endpoint."""

    model_config = ConfigDict(frozen=True)

    app_id: str = Field(min_length=1)
    tenant_id: str = Field(min_length=1)
    app_type: Literal["UserAssignedMSI", "SingleTenant"] = "UserAssignedMSI"
    secret: SecretStr = SecretStr("")
    certificate_file: str = ""
    authority: str = ""
    authority_ca: str = ""
    openid: str = BOT_FRAMEWORK_OPENID
    service_hosts: tuple[str, ...] = TEAMS_HOSTS
    service_url: str = "https://smba.trafficmanager.net/uk/"
    host: str = "0.0.0.0"  # noqa: S104 - behind the container's ingress
    port: int = Field(default=3978, ge=1, le=65535)
    store: SecretStr = SecretStr("var/front-door.db")  # may hold an account's key, as these two may
    export: SecretStr = SecretStr("")
    """Where the daily export of the log goes, and its keys; both empty: there is none."""
    keys: SecretStr = SecretStr("")
    configuration: Path = DEFAULT_FILE
    rehearsal: bool = False
    anonymous: bool = False
    paced: bool = True
    """Whether the other side limits how fast a bot may speak, as Teams does."""
    graph: str = Field(default=GRAPH, validate_default=True)
    """Microsoft Graph; empty: the bot sends no email and reads no groups."""
    telemetry: SecretStr = SecretStr("")
    """Application Insights' connection string; empty: nothing is measured or traced."""
    trace_share: float = Field(default=1.0, ge=0.0, le=1.0)

    @field_validator("graph")
    @classmethod
    def _graph_is_microsofts(cls, graph: str, info: ValidationInfo) -> str:
        if graph in ("", GRAPH) or (info.data.get("rehearsal") and _is_loopback_https(graph)):
            return graph
        raise ValueError(f"expected {GRAPH}")


def is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK


def _is_loopback_https(url: str) -> bool:
    return url.startswith("https://") and is_loopback(url)


def is_connection_string(store: str) -> bool:
    return any(k in store for k in ("AccountName=", "TableEndpoint=", "UseDevelopmentStorage="))


def is_a_file(store: str) -> bool:
    return not store.startswith(("https://", "http://")) and not is_connection_string(store)


def is_local_store(store: str) -> bool:
    """A file here, or a storage emulator on loopback."""
    if store.startswith(("https://", "http://")):
        return False
    if not is_connection_string(store):
        return True
    parts = dict(p.split("=", 1) for p in store.split(";") if "=" in p)
    if parts.get("UseDevelopmentStorage", "").lower() == "true":
        return True
    return is_loopback(parts.get("TableEndpoint", ""))


NAMES = {
    "MICROSOFT_APP_ID": "app_id",
    "MICROSOFT_APP_TENANT_ID": "tenant_id",
    "MICROSOFT_APP_TYPE": "app_type",
    "MICROSOFT_APP_PASSWORD": "secret",
    "MICROSOFT_APP_CERTIFICATE_FILE": "certificate_file",
    "FRONT_DOOR_SERVICE_URL": "service_url",
    "FRONT_DOOR_STORE": "store",
    "FRONT_DOOR_EXPORT": "export",
    "FRONT_DOOR_KEYS": "keys",
    "FRONT_DOOR_CONFIG": "configuration",
    "FRONT_DOOR_HOST": "host",
    "PORT": "port",
    CONNECTION_STRING: "telemetry",
    "FRONT_DOOR_TRACE_SHARE": "trace_share",
}
"""Environment variables, and the setting each gives."""


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """Production settings. Raises ConfigurationError naming each variable missing or wrong."""
    given = {field: env[name] for name, field in NAMES.items() if env.get(name)}
    try:
        made = Settings.model_validate(given)
    except ValidationError as error:
        fields = {field: name for name, field in NAMES.items()}
        lines = [
            f"{fields.get(str(e['loc'][0]), e['loc'][0])}: {e['msg'].lower()}"
            for e in error.errors()
        ]
        raise ConfigurationError("\n".join(lines)) from None
    if made.app_type == "SingleTenant" and not (made.certificate_file or made.secret):
        raise ConfigurationError(
            "MICROSOFT_APP_CERTIFICATE_FILE: a SingleTenant app needs it"
            " (or MICROSOFT_APP_PASSWORD, for development)"
        )
    return made


def for_playground(*, host: str, port: int, store: str, configuration: Path) -> Settings:
    """Microsoft's Agents Playground sends no token: loopback listener and local store only."""
    if host not in LOOPBACK:
        raise ConfigurationError("--anonymous: the listener must be on loopback")
    if not is_local_store(store):
        raise ConfigurationError("--anonymous: the store must be on this machine")
    return Settings(
        app_id=REHEARSAL_APP_ID,
        tenant_id="playground",
        app_type="SingleTenant",
        service_hosts=LOOPBACK,
        service_url=f"http://127.0.0.1:{port}/",
        host=host,
        port=port,
        store=SecretStr(store),
        configuration=configuration,
        anonymous=True,
        graph="",
    )


def for_rehearsal(
    *,
    port: int,
    openid: str,
    authority: str,
    store: str,
    configuration: Path,
    tenant_id: str,
    authority_ca: str = "",
    service_url: str = "",
    graph: str = "",
    certificate_file: str = "",
    paced: bool = False,
) -> Settings:
    """Rehearsal: everything on loopback, or it is refused. With `certificate_file` the bot signs
    in with that certificate, else with the secret everybody knows. `paced` as in `Settings`.
    """
    for name, url in (("--openid", openid), ("--authority", authority)):
        if not is_loopback(url):
            raise ConfigurationError(f"{name}: rehearsal takes loopback addresses only")
    if graph and not _is_loopback_https(graph):
        raise ConfigurationError("--graph: rehearsal takes loopback addresses only, over https")
    if not is_local_store(store):
        raise ConfigurationError("--store: a rehearsal's store must be on this machine")
    return Settings(
        app_id=REHEARSAL_APP_ID,
        tenant_id=tenant_id,
        app_type="SingleTenant",
        secret=SecretStr(REHEARSAL_SECRET),
        certificate_file=certificate_file,
        authority=authority,
        authority_ca=authority_ca,
        openid=openid,
        service_hosts=LOOPBACK,
        service_url=service_url,
        host="127.0.0.1",
        port=port,
        store=SecretStr(store),
        configuration=configuration,
        rehearsal=True,
        graph=graph,
        paced=paced,
    )
