from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

from webmail.remote.address import is_public, literal
from webmail.remote.errors import UrlError
from webmail.remote.target import parse

INWARD = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254
169.254.0.1 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255
198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::2 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8
::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::10.1.2.3 64:ff9b::a9fe:a9fe 64:ff9b:1::1 64:ff9b:1::8.8.8.8 100::1
2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1::
2002:a00:1:: 2002:c0a8:101::1 2002:808:808::1 3fff::1 3fff:fff::1 5f00::1 fc00::1 fd12:3456:789a::1 fe80::1
fe80::1%eth0 febf::1 fec0::1 feff::1 ff00::1 ff02::1 ff0e::1 4000::1 2606:4700::1%1
""".split()

OUTWARD = """
1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 198.17.0.1 198.20.0.1
223.255.255.255 126.0.0.1 128.0.0.1 169.253.1.1 169.255.1.1 2606:4700:4700::1111 2a00:1450:400f:80d::200e
2001:4860:4860::8888 2001:200::1 2620:fe::fe 64:ff9b::8.8.8.8 3ffe::1
""".split()


@pytest.mark.parametrize("text", INWARD)
def test_inward(text):
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", OUTWARD)
def test_outward(text):
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0x7f.0x0.0x0.0x1", "127.0.0.1"),
        ("127.0.0.0x1", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"),
        ("00000000177.00.00.01", "127.0.0.1"),
        ("169.254.43518", "169.254.169.254"),
        ("2852039166", "169.254.169.254"),
        ("0xa9fea9fe", "169.254.169.254"),
        ("4294967295", "255.255.255.255"),
        ("8.8.8.8", "8.8.8.8"),
    ],
)
def test_ipv4_in_every_spelling(host, address):
    assert literal(host) == IPv4Address(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("[::1]", "::1"),
        ("[0:0:0:0:0:0:0:1]", "::1"),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"),
        ("[::ffff:7f00:1]", "::ffff:127.0.0.1"),
        ("[2606:4700:4700::1111]", "2606:4700:4700::1111"),
    ],
)
def test_ipv6(host, address):
    assert literal(host) == IPv6Address(address)


@pytest.mark.parametrize(
    "host",
    [
        "256.0.0.1",
        "1.2.3.4.5",
        "1.2.3.256",
        "127.0.0.08",
        "0x7g",
        "4294967296",
        "1..1",
        ".1",
        "[fe80::1%eth0]",
        "[fe80::1%25eth0]",
        "[v1.x]",
        "[]",
        "99999999999999999999",
        "1." + "0" * 50,
    ],
)
def test_numbers_that_are_no_address(host):
    with pytest.raises(UrlError):
        literal(host)


@pytest.mark.parametrize("host", ["example.org", "1.example", "127.0.0.1.nip.io", "0x7f.example", "x--y.z"])
def test_names(host):
    assert literal(host) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0177.1/",
        "http://0X7F.1/",
        "http://127。0。0。1/",
        "http://１２７.０.０.１/",
        "http://①②⑦.⓪.⓪.①/",
        "http://[::1]/",
        "http://[::FFFF:127.0.0.1]:80/",
        "https://[0:0:0:0:0:ffff:a9fe:a9fe]/latest/meta-data",
        "http://169.254.169.254./",
    ],
)
def test_urls_that_spell_an_inward_address_are_known_for_it(url):
    address = parse(url).address
    assert address is not None
    assert not is_public(address)
