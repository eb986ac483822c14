"""What signing in needs before msal: an HTTP session, and the certificate's key."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.settings import Settings, is_loopback

_HTTP_TIMEOUT_S = 8.0


class SignInSession(requests.Session):
    """Every call bounded in time; our own `verify` wins over the environment's CA bundle."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = threading.local()
        """In each thread: the last Retry-After."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", _HTTP_TIMEOUT_S)
        if self.verify is not True:
            kwargs["verify"] = self.verify
        answer = super().request(*args, **kwargs)
        self.seen.retry_after = answer.headers.get("Retry-After", "")
        return answer


def sign_in_session(settings: Settings) -> SignInSession:
    """How the sign-in service is spoken to: in production with the system's trust and proxies."""
    session = SignInSession()
    # A managed identity's endpoint is on this machine, as everything of a rehearsal is: no proxy.
    local = settings.app_type == "UserAssignedMSI" or is_loopback(settings.authority)
    session.trust_env = not local
    if settings.authority_ca:
        session.verify = settings.authority_ca
    elif settings.rehearsal and is_loopback(settings.authority):
        # A stranger's simulated Teams on loopback brings its own throwaway certificate; the
        # rehearsal secret is public, so there is nothing to protect.
        session.verify = False
        requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]
    return session


class Certificate:
    """One PEM file with key and certificate, in the shape msal asks for."""

    def __init__(self, file: str) -> None:
        self._file = Path(file)
        self._lock = threading.Lock()
        self._pem = ""
        self._key: Any = None

    def credential(self) -> dict[str, Any]:
        """Reads the file each time, as it may have been replaced, and the key only then: checking
        it takes 40 ms in which nothing else of the process runs. Raises OSError and ValueError.
        """
        pem = self._file.read_text(encoding="utf-8")
        with self._lock:
            if pem != self._pem:
                self._key = load_pem_private_key(pem.encode(), None)
                self._pem = pem
            return {"private_key": self._key, "public_certificate": pem}
