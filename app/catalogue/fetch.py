"""A picture from an address that a sheet names: fetched so that it can reach the public internet and nothing else.

One name look-up, every address of it checked, the connection made to a checked address (no rebinding in between); no
proxy, no cookies, redirects within the same host alone (OWASP ASVS 5.0, 1.3.6; bad inputs 33-39).
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from app.catalogue.pictures import BYTES_MOST, header_of
from app.errors import BadInput, Refused

SECONDS = 10.0  # for everything: look-up, redirects, the last byte
REDIRECTS = 2
PORTS = {"http": 80, "https": 443}
EMBEDDING = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")))
"""IPv6 ranges that carry an IPv4 address inside; nobody's picture is there."""

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], Awaitable[list[str]]]
Allowed = Callable[[Address], bool]


def is_public(address: Address) -> bool:
    """True for an address of the public internet: not private, local, link-local, shared, multicast or reserved."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in EMBEDDING):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


async def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


async def fetched(
    url: str, *, look_up: LookUp = look_up, allowed: Allowed = is_public, ports: "frozenset[int] | None" = None
) -> bytes:
    """The picture at a public http(s) address. Raises BadInput for any other address or content, or a slow answer."""
    try:
        async with asyncio.timeout(SECONDS):
            return await _fetched(url, look_up, allowed, ports or frozenset(PORTS.values()))
    except TimeoutError:
        raise BadInput("picture", f"an answer within {SECONDS:.0f} s", "a slower one") from None
    except (aiohttp.ClientError, OSError, UnicodeError, ValueError) as problem:
        if isinstance(problem, Refused):
            raise
        raise BadInput("picture", "a picture at a public address", type(problem).__name__) from None


async def _fetched(url: str, look_up: LookUp, allowed: Allowed, ports: frozenset[int]) -> bytes:
    host = None
    for _ in range(REDIRECTS + 1):
        asked = _checked(url, ports)
        if host is not None and asked != host:
            raise BadInput("picture", "a picture, or a redirect within its host", "a redirect to another host")
        host = asked
        resolver = _Checked(look_up, allowed)
        if (literal := _literal(host)) is not None and not allowed(literal):
            raise BadInput("picture", "a public address", host)
        connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False)
        async with (
            aiohttp.ClientSession(connector=connector, trust_env=False, auto_decompress=False) as session,
            session.get(
                url, allow_redirects=False, headers={"accept": "image/*", "accept-encoding": "identity"}
            ) as answer,
        ):
            if answer.status in (301, 302, 303, 307, 308):
                url = urljoin(url, answer.headers.get("location", ""))
                continue
            return await _body(answer)
    raise BadInput("picture", f"at most {REDIRECTS} redirects", "more")


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    if answer.status != 200:
        raise BadInput("picture", "a picture", f"answer {answer.status}")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise BadInput("picture", "a picture as it is", "a packed one")
    body = bytearray()
    async for piece in answer.content.iter_chunked(64 * 1024):
        body += piece
        if len(body) > BYTES_MOST:
            raise BadInput("picture", f"at most {BYTES_MOST} bytes", "more")
    header_of(bytes(body))  # what it says it is does not matter, what it is does
    return bytes(body)


def _checked(url: str, ports: frozenset[int]) -> str:
    """The host of an address that may be asked for. Raises BadInput."""
    if not url.isprintable() or any(sign in url for sign in "\\ <>\"'"):
        raise BadInput("picture", "a plain http or https address", url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadInput("picture", "a plain http or https address", url) from None
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        raise BadInput("picture", "a plain http or https address", url)
    if (port or PORTS[parts.scheme]) not in ports:
        raise BadInput("picture", "port 80 or 443", port)
    return parts.hostname


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.split("%")[0])
    except ValueError:
        return None


class _Checked(AbstractResolver):
    """Looks a name up once and hands on only addresses that may be connected to; one bad one refuses them all."""

    def __init__(self, look_up: LookUp, allowed: Allowed) -> None:
        self._look_up, self._allowed = look_up, allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The checked addresses. Raises BadInput."""
        found = [(text, ip_address(text.split("%")[0])) for text in await self._look_up(host, port)]
        if not found or not all(self._allowed(address) for _, address in found):
            raise BadInput("picture", "a public address", host)
        return [
            ResolveResult(
                hostname=host,
                host=text,
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for text, address in found
        ]

    async def close(self) -> None:
        """Nothing is held."""
