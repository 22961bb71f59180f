"""HTTPS for the local network: this machine's addresses, a certificate of its own, and a QR code for a terminal.

The certificate vouches for the addresses of this machine and nobody vouches for it, so browsers warn once; what the
warning means, and how to compare fingerprints, is told in docs/operations.md.
"""

import hashlib
import io
import ipaddress
import os
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import segno
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CERTIFICATE, KEY = "lan-certificate.pem", "lan-key.pem"
LIFE = timedelta(days=365)
RENEW_WITHIN = timedelta(days=14)
ELSEWHERE = ("192.0.2.1", 9)  # kept for documentation (RFC 5737): no such machine
Address = ipaddress.IPv4Address

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A certificate and its key as files, and the fingerprint (SHA-256) that people can compare."""

    certificate: Path
    key: Path
    fingerprint: str


def addresses() -> list[Address]:
    """The IPv4 addresses where others on the local network may reach this machine; the likeliest first."""
    found: dict[Address, None] = {}
    try:
        # A UDP socket sends nothing when it connects; the system only chooses the address it would send from.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(ELSEWHERE)
            found[ipaddress.IPv4Address(probe.getsockname()[0])] = None
    except OSError as problem:
        _log.info("lan.no_route", problem=str(problem))
    try:
        for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            found[ipaddress.IPv4Address(str(entry[4][0]))] = None
    except OSError as problem:
        _log.info("lan.no_name", problem=str(problem))
    return [one for one in found if not (one.is_loopback or one.is_link_local)]


def identity_in(folder: Path, reached_at: list[Address], now: datetime | None = None) -> Identity:
    """The folder's certificate for these addresses; made anew when it ends soon or an address is missing."""
    now = now or datetime.now(UTC)
    certificate, key = folder / CERTIFICATE, folder / KEY
    if not (certificate.exists() and key.exists() and _good(certificate, reached_at, now)):
        folder.mkdir(parents=True, exist_ok=True)
        _make(certificate, key, reached_at, now)
    made = x509.load_pem_x509_certificate(certificate.read_bytes())
    digest = hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest().upper()
    pairs = ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))
    return Identity(certificate=certificate, key=key, fingerprint=pairs)


def terminal_qr(text: str) -> str:
    """The text as a QR code of half blocks, dark on light also in dark terminals."""
    out = io.StringIO()
    segno.make(text, error="l").terminal(out, border=2, compact=True)
    return out.getvalue()


def _good(certificate: Path, reached_at: list[Address], now: datetime) -> bool:
    try:
        made = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    covered = set(names.get_values_for_type(x509.IPAddress))
    return made.not_valid_before_utc <= now < made.not_valid_after_utc - RENEW_WITHIN and covered >= set(reached_at)


def _make(certificate: Path, key: Path, reached_at: list[Address], now: datetime) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Zhubo studio")])
    local = [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1")]
    names = [x509.DNSName("localhost"), *(x509.IPAddress(one) for one in dict.fromkeys([*reached_at, *local]))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # a phone's clock may be a little slow
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(secret, hashes.SHA256())
    )
    private = secret.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(key, private)
    _write(certificate, made.public_bytes(serialization.Encoding.PEM))
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.part")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    fresh.replace(path)
