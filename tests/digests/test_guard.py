"""The wall between typed addresses and one's own network: every spelling of an inner address is refused."""

from __future__ import annotations

import ipaddress
import socket
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from digests.sources.guard import LOOPBACK, Guard, Refused, Target, check_address, check_url, is_public

OPEN = Guard()


@pytest.mark.parametrize(
    ("text", "url", "host", "port"),
    [
        ("http://paper.example", "http://paper.example/", "paper.example", 80),
        ("  HTTPS://Paper.Example:443/a/1.html?x=1#top ", "https://paper.example/a/1.html?x=1", "paper.example", 443),
        ("https://paper.example.", "https://paper.example/", "paper.example", 443),
        ("http://云溪日报.example/版", "http://xn--jtup0inzj6v9b.example/%E7%89%88", "xn--jtup0inzj6v9b.example", 80),
        ("http://ｐａｐｅｒ。example/", "http://paper.example/", "paper.example", 80),
        ("http://paper.example/a b", "http://paper.example/a%20b", "paper.example", 80),
        ("http://8.8.8.8/", "http://8.8.8.8/", "8.8.8.8", 80),
        ("http://[2400:3200:0:0::1]/", "http://[2400:3200::1]/", "2400:3200::1", 80),
        ("https://paper.example:80/", "https://paper.example:80/", "paper.example", 80),
    ],
)  # fmt: skip
def test_ordinary_addresses_pass(text: str, url: str, host: str, port: int) -> None:
    target = check_url(text, OPEN)
    if "云溪" in text:  # the name's ASCII form is the library's business; that it is ASCII is ours
        assert isinstance(target, Target) and target.host.startswith("xn--") and target.url.isascii()
    else:
        assert isinstance(target, Target)
        assert (target.url, target.host, target.port) == (url, host, port)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "paper.example", "ftp://paper.example/", "file:///etc/passwd", "javascript:alert(1)", "http://", "http:///x",
        "http://paper.example:22/", "http://paper.example:8080/", "http://paper.example:99999/", "http://paper.example:x/",
        "http://me@paper.example/", "http://me:pw@paper.example/", "http://paper.example@10.0.0.1/", "http://@paper.example/",
        "http://127.0.0.1/", "http://127.1/", "http://0x7f.1/", "http://0x7f000001/", "http://2130706433/", "http://0177.0.0.1/",
        "http://017700000001/", "http://127.0.0.1./", "http://１２７.0.0.1/", "http://127。0。0。1/", "http://127.0.0.0x1/", "http://0/",
        "http://10.1.2.3/", "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
        "http://100.100.100.200/", "http://100.64.0.1/", "http://0.0.0.0/", "http://224.0.0.1/", "http://255.255.255.255/",
        "http://198.18.0.1/", "http://168.63.129.16/", "http://[::1]/", "http://[::]/", "http://[fe80::1]/", "http://[fe80::1%25eth0]/",
        "http://[fd00:ec2::254]/", "http://[::ffff:10.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[64:ff9b::10.0.0.1]/",
        "http://[64:ff9b::a9fe:a9fe]/", "http://[64:ff9b:1::1]/", "http://[2002:7f00:1::]/", "http://[2001:0:1::1]/", "http://[::127.0.0.1]/",
        "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[v1.x]/", "http://[8.8.8.8]x/",
        "http://localhost/", "http://LOCALHOST/", "http://a.localhost/", "http://router/", "http://nas.local/", "http://db.internal/",
        "http://x.home.arpa/", "http://paper.example\\@10.0.0.1/", "http://paper.example\n/", "http://paper.exam\tple/", "http://a_b!.example/",
        "http://-a.example/", "http://a..example/", f"http://{'a' * 64}.example/", f"http://paper.example/{'a' * 2100}", "http://xn--.example/",
        "http://paper.example/\ud800", "http://\u200d\u200d.example/", "http://paper.example/\x00",
    ],
)  # fmt: skip
def test_others_are_refused_with_a_reason_in_both_languages(text: str) -> None:
    found = check_url(text, OPEN)
    assert isinstance(found, Refused)
    assert " / " in found.reason


def test_an_allowance_opens_what_it_names_and_no_more() -> None:
    assert isinstance(check_url("http://127.0.0.1:8123/feed", LOOPBACK), Target)
    assert isinstance(check_url("http://[::1]:8123/feed", LOOPBACK), Target)
    assert isinstance(check_url("http://nas:8123/feed", LOOPBACK), Target), (
        "its addresses are checked after the look-up"
    )
    assert isinstance(check_url("http://10.0.0.1/", LOOPBACK), Refused)
    assert check_address("10.0.0.1", LOOPBACK) and check_address("127.8.8.8", LOOPBACK) is None


@given(st.integers(0, 2**32 - 1))
@example(0x7F000001)
@example(0xA9FEA9FE)
def test_what_is_refused_in_the_open_is_refused_when_wrapped(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    for wrapped in (f"::ffff:{plain}", f"64:ff9b::{plain}"):
        assert (check_address(str(plain), OPEN) is None) == (check_address(wrapped, OPEN) is None)
    for refused in (f"::{plain}", str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80)))):
        assert check_address(refused, OPEN)


@given(st.integers(0, 2**32 - 1) | st.integers(0, 2**128 - 1))
def test_nothing_passes_that_the_standard_library_calls_inner(number: int) -> None:
    address = ipaddress.ip_address(number)
    if is_public(address) and not (
        isinstance(address, ipaddress.IPv6Address) and address in ipaddress.ip_network("64:ff9b::/96")
    ):
        assert not (address.is_private or address.is_loopback or address.is_link_local or address.is_multicast)
        assert not (address.is_unspecified or address.is_reserved)


@given(
    st.lists(st.integers(0, 255), min_size=4, max_size=4),
    st.lists(st.sampled_from("dox"), min_size=4, max_size=4),
    st.integers(1, 4),
)
def test_no_odd_spelling_of_a_number_reaches_the_resolver(octets: list[int], bases: list[str], count: int) -> None:
    """Whatever the system would read as an IPv4 address is either refused or in its usual form."""
    numbers = [*octets[: count - 1], int.from_bytes(bytes(octets[count - 1 :]), "big")]
    text = ".".join(
        {"d": str(n), "o": f"0{n:o}", "x": f"0x{n:x}"}[base] for n, base in zip(numbers, bases, strict=False)
    )
    meant = socket.inet_ntoa(socket.inet_aton(text))
    found = check_url(f"http://{text}/", OPEN)
    if isinstance(found, Target):
        assert found.host == text == meant and is_public(ipaddress.ip_address(meant))


@given(st.text(alphabet=string.printable + "。．＠／：％云\u200b\u00ad\u2028", max_size=40))
@example("0.云")
@example("a@b")
@example("[::1]#")
def test_no_address_is_read_in_two_ways(rest: str) -> None:
    """Whatever passes means the same host and port to the library that connects."""
    found = check_url(f"http://{rest}", OPEN)
    if isinstance(found, Target):
        url = URL(found.url, encoded=True)
        assert (url.raw_host, url.port, url.user) == (found.host, found.port, None)
        assert check_url(found.url, OPEN) == found, "checking is idempotent"


@given(st.text(max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(check_url(text, OPEN), Refused | Target)
    assert check_address(text, OPEN) is None or " / " in str(check_address(text, OPEN))
