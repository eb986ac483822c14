"""Telemetry to Application Insights, as the process's own identity and with nothing on disk."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from azure.identity import (
    CertificateCredential,
    ClientSecretCredential,
    ManagedIdentityCredential,
)
from azure.monitor.opentelemetry.exporter import (
    AzureMonitorMetricExporter,
    AzureMonitorTraceExporter,
)
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from bot.configuration import ConfigurationError
from bot.settings import CONNECTION_STRING, Settings
from bot.telemetry import Known, Telemetry

_SEND_EVERY_MS = 60_000


def azure_monitor(settings: Settings, known: Known, **transport: Any) -> Telemetry:
    """Sends to the Application Insights of `settings`, as the process's own identity. `transport`
    goes to azure-core. Raises ConfigurationError.
    """
    _nothing_to_microsoft_itself()
    credential = _credential(settings)
    options: dict[str, Any] = {
        "connection_string": settings.telemetry.get_secret_value(),
        "credential": credential,
        # Nothing may lie on disk, and there is none to write to.
        "disable_offline_storage": True,
        "retry_total": 1,
        **transport,
    }
    try:
        metrics = AzureMonitorMetricExporter(**options)
        traces = AzureMonitorTraceExporter(**options)
    except (ValueError, OSError) as error:
        raise ConfigurationError(f"{CONNECTION_STRING}: {error}") from None
    reader = PeriodicExportingMetricReader(metrics, _SEND_EVERY_MS)
    return Telemetry(
        [reader],
        [BatchSpanProcessor(traces)],
        known,
        share=settings.trace_share,
        closing=[part.close for part in (metrics.client, traces.client, credential) if part],
    )


def _nothing_to_microsoft_itself() -> None:
    """The exporter would measure itself for Microsoft, and ask Microsoft for its settings."""
    for name in ("STATSBEAT_DISABLED_ALL", "SDKSTATS_DISABLED", "CONTROLPLANE_DISABLED"):
        os.environ[f"APPLICATIONINSIGHTS_{name}"] = "true"
    # Every start of a batch would else describe the resource once more.
    os.environ["APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED"] = "true"


def _credential(settings: Settings) -> Any:
    """Blocking, for the exporter's threads, so that it can send while the loop stands still."""
    s = settings
    if s.anonymous:
        return None
    if s.app_type == "UserAssignedMSI":
        return ManagedIdentityCredential(client_id=os.environ.get("AZURE_CLIENT_ID") or s.app_id)
    how: dict[str, Any] = {}
    if s.authority:
        how["authority"] = f"https://{urlsplit(s.authority).netloc}"
        how["disable_instance_discovery"] = True
    if s.authority_ca:
        how["connection_verify"] = s.authority_ca
    if s.certificate_file:
        return CertificateCredential(s.tenant_id, s.app_id, s.certificate_file, **how)
    return ClientSecretCredential(s.tenant_id, s.app_id, s.secret.get_secret_value(), **how)
