"""Which addresses may be visited: the wall between what people type and the network that Kanbao runs in.

Only http and https on the usual ports, no user-info, no odd spelling of a number as a host, and never an address of a
private, local, shared, wrapped or reserved network, before a connection is made and again at each redirect. Pure: it
looks nothing up. Sources: the special-purpose registries of IPv4 and IPv6 addresses (RFC 6890 and its updates), RFC 6052
for NAT64, the URL standard for hosts that end in a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urlsplit, urlunsplit

import idna

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST = 2048
"""Code points of an address."""
MANY = 16_384
"""Addresses whose verdict is remembered."""

REFUSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's metadata service on a public address
    )
)  # fmt: skip

GLOBAL_V6 = IPv6Network("2000::/3")
REFUSED_V6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
"""Inside GLOBAL_V6: protocol assignments with Teredo, documentation, 6to4. What lies outside is refused as a whole."""
NAT64 = IPv6Network("64:ff9b::/96")

INNER_NAMES = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "onion")  # fmt: skip

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_KEEP = "%/:=&?~+!$,;'@()*[]|"


@dataclass(frozen=True, slots=True)
class Guard:
    """What is allowed. `ports`: None for any. `networks`: allowed although they are refused otherwise, for a paper inside
    one's own network and for tests."""

    ports: frozenset[int] | None = frozenset({80, 443})
    networks: tuple[Network, ...] = ()


PUBLIC = Guard()
"""Public addresses alone, by the web's own ports."""
LOOPBACK = Guard(ports=None, networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")))
"""For tests and trials on one's own machine."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be looked up. `url`: ASCII, without fragment; `host`: lower case, without brackets or final dot."""

    scheme: str
    host: str
    port: int
    url: str

    @property
    def is_literal(self) -> bool:
        return _literal(self.host) is not None


@dataclass(frozen=True, slots=True)
class Refused:
    """`reason`: what was expected and what was found, in Chinese and English."""

    reason: str


@lru_cache(MANY)  # the same sources are asked again and again
def check_url(text: str, guard: Guard) -> Target | Refused:
    """The target of an address as people or servers write it."""
    text = text.strip()
    if not text or len(text) > LONGEST or _CONTROL.search(text):
        return Refused("应为一个网址，实为空白、过长或含控制字符 / expected an address, found nothing, or too long, or control characters")  # fmt: skip
    try:
        parts = urlsplit(text)
        port = parts.port
        raw_host = parts.hostname or ""
    except ValueError:
        return Refused("网址写法不对 / the address is malformed")
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        return Refused("网址应以 http:// 或 https:// 开头 / the address must begin with http:// or https://")
    if "@" in parts.netloc:
        return Refused("网址中不能带用户名或密码 / the address must not carry a user name or password")
    host = check_host(raw_host, bracketed="[" in parts.netloc, guard=guard)
    if isinstance(host, Refused):
        return host
    port = (443 if scheme == "https" else 80) if port is None else port
    if guard.ports is not None and port not in guard.ports:
        return Refused(f"只允许端口 80 和 443，实为 {port} / only ports 80 and 443 are allowed, found {port}")
    return Target(scheme, host, port, _url(scheme, host, port, parts.path, parts.query))


def check_host(raw: str, *, bracketed: bool, guard: Guard) -> str | Refused:
    """A host's ASCII form, if it is a name that may be looked up or a literal of an allowed network."""
    if bracketed:
        return str(ip_address(raw)) if (reason := check_address(raw, guard)) is None else Refused(reason)
    try:
        host = _ascii(raw)
    except (idna.IDNAError, UnicodeError):
        return Refused(f"主机名“{raw[:60]}”无效 / {raw[:60]!r} is no valid host name")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):  # browsers and resolvers read any such host as an IPv4 address
        if _literal(host) is None:
            return Refused(
                f"主机“{raw[:60]}”不是规范写法的 IPv4 地址 / {raw[:60]!r} is no IPv4 address in its usual form"
            )
        return host if (reason := check_address(host, guard)) is None else Refused(reason)
    if not _is_name(host):
        return Refused(f"主机名“{raw[:60]}”无效 / {raw[:60]!r} is no valid host name")
    if not guard.networks and _is_inner(host):
        return Refused(f"“{host}”是内部网络的名称 / {host!r} is a name inside a private network")
    return host


def check_address(text: str, guard: Guard) -> str | None:
    """Why a connection to this IP address is refused; None: it may be made."""
    if "%" in text or (address := _literal(text)) is None:
        return f"“{text[:60]}”不是可访问的 IP 地址 / {text[:60]!r} is no IP address that can be visited"
    if any(address in network for network in guard.networks):
        return None
    if not is_public(address):
        return f"“{text}”属于内部、保留或特殊网络 / {text} belongs to a private, reserved or special network"
    return None


def is_public(address: Address) -> bool:
    """An address that anybody on the Internet has; of addresses that wrap another, the wrapped one decides."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_V4)
    if (wrapped := unwrap(address)) is not None:
        return is_public(wrapped)
    return address in GLOBAL_V6 and not any(address in network for network in REFUSED_V6)


def unwrap(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv4-mapped or a NAT64 address."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None


def is_downgrade(before: str, after: str) -> bool:
    return before == "https" and after == "http"


def _ascii(raw: str) -> str:
    host = raw.rstrip(".") if raw.isascii() else idna.uts46_remap(raw, std3_rules=False).rstrip(".")
    return host.lower() if host.isascii() else idna.encode(host).decode("ascii").lower()


@lru_cache(MANY)
def _literal(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_name(host: str) -> bool:
    return 0 < len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.split("."))


def _is_inner(host: str) -> bool:
    return "." not in host or any(host.endswith(f".{name}") for name in INNER_NAMES)


def _url(scheme: str, host: str, port: int, path: str, query: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    usual = port == (443 if scheme == "https" else 80)
    netloc = shown if usual else f"{shown}:{port}"
    return urlunsplit((scheme, netloc, quote(path or "/", safe=_KEEP), quote(query, safe=_KEEP), ""))
