"""The certificate half of the simulated sign-in: is this assertion signed by the app, for us, now,
and for the first time (RFC 7523)?
"""

from __future__ import annotations

import base64
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_ALGORITHMS = ["PS256", "RS256"]
_CLAIMS = ["iss", "sub", "aud", "exp", "jti"]


class AssertionRefused(Exception):
    """Well signed, and still not to be taken."""


class Assertions:
    def __init__(self, app_id: str, certificate: x509.Certificate) -> None:
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey):
            raise TypeError("expected an RSA certificate")
        self._app_id = app_id
        self._key = key
        self._thumbprints = {
            "x5t#S256": certificate.fingerprint(hashes.SHA256()),
            "x5t": certificate.fingerprint(hashes.SHA1()),  # noqa: S303 - a name, no protection
        }
        self._used: set[str] = set()

    @property
    def taken(self) -> int:
        return len(self._used)

    def take(self, assertion: str, endpoint: str) -> None:
        """Raises jwt.PyJWTError or AssertionRefused. What an `x5c` header brings is not looked at:
        only the registered certificate counts.
        """
        claims: dict[str, Any] = jwt.decode(
            assertion,
            self._key,
            algorithms=_ALGORITHMS,
            audience=endpoint,
            issuer=self._app_id,
            options={"require": _CLAIMS},
        )
        self._check_thumbprint(jwt.get_unverified_header(assertion))
        if claims["sub"] != self._app_id:
            raise AssertionRefused("sub")
        if claims["jti"] in self._used:
            raise AssertionRefused("jti")
        self._used.add(claims["jti"])

    def _check_thumbprint(self, header: dict[str, Any]) -> None:
        named = {name: str(header[name]) for name in self._thumbprints if name in header}
        for name, value in named.items():
            expected = base64.urlsafe_b64encode(self._thumbprints[name]).decode()
            if value.rstrip("=") != expected.rstrip("="):
                raise AssertionRefused(name)
        if not named:
            raise AssertionRefused("no thumbprint")
