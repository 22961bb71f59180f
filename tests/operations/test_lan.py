"""The local network gets HTTPS by a certificate of our own, and a phone gets in by scanning."""

import asyncio
import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from app.access.service import SAMPLE
from app.commands.lan import Identity, addresses, identity_in, terminal_qr
from app.database import Database
from app.settings import Settings
from tests.access.studio import open_shop

LAN = [ipaddress.IPv4Address("192.168.7.9")]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def certificate(identity: Identity) -> x509.Certificate:
    return x509.load_pem_x509_certificate(identity.certificate.read_bytes())


def test_the_certificate_names_this_machine_for_a_year_and_its_key_is_private(tmp_path: Path) -> None:
    made = identity_in(tmp_path, LAN, NOW)
    names = certificate(made).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(one) for one in names.get_values_for_type(x509.IPAddress)} == {"192.168.7.9", "127.0.0.1", "::1"}
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert certificate(made).not_valid_after_utc == NOW + timedelta(days=365)
    assert made.key.stat().st_mode & 0o077 == 0


def test_it_is_kept_until_it_ends_or_the_address_changes(tmp_path: Path) -> None:
    first = identity_in(tmp_path, LAN, NOW).fingerprint
    assert identity_in(tmp_path, LAN, NOW + timedelta(days=340)).fingerprint == first
    assert identity_in(tmp_path, LAN, NOW + timedelta(days=360)).fingerprint != first
    moved = identity_in(tmp_path, [ipaddress.IPv4Address("10.0.0.4")], NOW + timedelta(days=361)).fingerprint
    assert len({first, moved}) == 2


def test_a_damaged_certificate_is_made_anew(tmp_path: Path) -> None:
    first = identity_in(tmp_path, LAN).fingerprint
    (tmp_path / "lan-certificate.pem").write_text("rubbish")
    assert identity_in(tmp_path, LAN).fingerprint != first


async def test_a_client_that_trusts_the_fingerprint_gets_a_verified_connection(tmp_path: Path) -> None:
    made = identity_in(tmp_path, LAN)
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(made.certificate, made.key)

    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0, ssl=server_side)
    port = server.sockets[0].getsockname()[1]
    async with server:
        trusting = ssl.create_default_context(cafile=str(made.certificate))
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
        assert await asyncio.wait_for(reader.read(), 30) == b"hello"
        writer.close()
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection("127.0.0.1", port, ssl=ssl.create_default_context())


def test_no_address_of_the_machine_itself_is_offered() -> None:
    assert not [one for one in addresses() if one.is_loopback or one.is_link_local]


def test_the_terminal_shows_a_code_and_no_link_in_clear() -> None:
    shown = terminal_qr("https://192.168.7.9:8000/enter#abc")
    assert len(shown.splitlines()) > 10 and "https" not in shown


async def test_a_scanned_link_signs_the_same_person_in_once(database: Database, settings: Settings) -> None:
    async with open_shop(database, settings) as shop:
        await shop.sign_in()
        token = shop.client.cookies["zhubo"]
        who = await shop.studio.access.member_of(token)
        assert who is not None
        code = await shop.studio.access.link_for(who)
        shop.client.cookies.clear()
        assert (await shop.client.post("/enter", data={"code": code})).status_code == 303
        phone = await shop.studio.access.member_of(shop.client.cookies["zhubo"])
        assert phone is not None and (phone.user, phone.shop) == (who.user, SAMPLE)
        assert phone.session != who.session
        shop.client.cookies.clear()
        assert (await shop.client.post("/enter", data={"code": code})).status_code in (401, 403)
