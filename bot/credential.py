"""The process's own identity for storage, through azure-identity: no key and no password."""

from __future__ import annotations

from azure.core.credentials_async import AsyncTokenCredential

from bot.settings import Settings

STORAGE_SCOPE = "https://storage.azure.com/.default"


def storage_credential(settings: Settings) -> AsyncTokenCredential:
    """In production the managed identity; a `SingleTenant` app's certificate or secret elsewhere.

    It keeps its tokens and renews them early. Close it when done.
    """
    # Reading the library takes a while, and only an account in Azure needs it.
    from azure.identity.aio import (
        CertificateCredential,
        ClientSecretCredential,
        ManagedIdentityCredential,
    )

    s = settings
    if s.app_type == "UserAssignedMSI":
        return ManagedIdentityCredential(client_id=s.app_id)
    if s.certificate_file:
        return CertificateCredential(s.tenant_id, s.app_id, certificate_path=s.certificate_file)
    return ClientSecretCredential(s.tenant_id, s.app_id, s.secret.get_secret_value())
