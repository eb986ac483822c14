"""Who signs what in rehearsal: keys for both directions and a throwaway certificate authority.

Trusted on loopback in rehearsal only. Nothing here is kept: each start makes its own.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from bot.settings import BOT_FRAMEWORK_ISSUER

Json = dict[str, Any]
_TOKEN_LIFE_S = 3600


class Signer:
    """One RSA key: signs tokens, publishes itself, checks its own signatures."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = uuid.uuid4().hex

    def sign(self, claims: Json, *, life_s: int = _TOKEN_LIFE_S) -> str:
        now = int(time.time())
        body = {"nbf": now - 5, "iat": now, "exp": now + life_s, **claims}
        return jwt.encode(body, self._key, algorithm="RS256", headers={"kid": self.kid})

    def jwk(self, endorsements: tuple[str, ...] = ()) -> Json:
        public: Json = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "use": "sig", "endorsements": list(endorsements)}

    def claims_of(self, token: str, audience: str) -> Json:
        """Raises jwt.PyJWTError."""
        claims: Json = jwt.decode(
            token, self._key.public_key(), algorithms=["RS256"], audience=audience
        )
        return claims


class TeamsSigner(Signer):
    """Signs what the simulated Teams sends the bot."""

    def activity_token(self, app_id: str, service_url: str) -> str:
        return self.sign({"iss": BOT_FRAMEWORK_ISSUER, "aud": app_id, "serviceurl": service_url})


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, cert: x509.Certificate) -> bytes:
    """Key and certificate in one file."""
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return secret + cert.public_bytes(serialization.Encoding.PEM)


class ClientCertificate:
    """What an app signs in with: `certificate` is registered, `file` holds it and its key."""

    def __init__(self, file: Path) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = _name("Front Door rehearsal bot")
        now = dt.datetime.now(dt.UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=2))
            .sign(self.key, hashes.SHA256())
        )
        file.touch(mode=0o600)
        file.write_bytes(_pem(self.key, self.certificate))
        self.file = str(file)


class ThrowawayAuthority:
    """A certificate authority in a temporary folder, a server context for 127.0.0.1, and the
    certificate the bot signs in with.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="front-door-rehearsal-")
        folder = Path(self._folder.name)
        self.ca_file = str(folder / "ca.pem")
        ca_key = ec.generate_private_key(ec.SECP256R1())
        ca = self._certificate(_name("Front Door rehearsal"), ca_key, None, ca_key)
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = self._certificate(_name("127.0.0.1"), key, ca, ca_key)
        Path(self.ca_file).write_bytes(ca.public_bytes(serialization.Encoding.PEM))
        chain = folder / "server.pem"
        chain.write_bytes(_pem(key, leaf))
        self.server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server_context.load_cert_chain(chain)
        self.bot = ClientCertificate(folder / "bot.pem")

    def close(self) -> None:
        self._folder.cleanup()

    @staticmethod
    def _certificate(
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        issuer: x509.Certificate | None,
        issuer_key: ec.EllipticCurvePrivateKey,
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False
            )
        )
        if issuer is None:
            usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, True)
        else:
            loopback = ipaddress.ip_address("127.0.0.1")
            names = x509.SubjectAlternativeName(
                [x509.IPAddress(loopback), x509.DNSName("localhost")]
            )
            builder = builder.add_extension(names, False)
        return builder.sign(issuer_key, hashes.SHA256())
