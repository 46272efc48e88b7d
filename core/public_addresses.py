"""Which addresses of the internet are somebody else's public servers, and which lead into a network of ours."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

type Address = IPv4Address | IPv6Address

# Everything public in version 6 lies in here: not NAT64, not what maps or embeds version 4, not local.
PUBLIC_V6 = IPv6Network("2000::/3")
NOT_PUBLIC_V6 = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # protocols' own, with Teredo, which carries an address of version 4
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an address of version 4
        "3fff::/20",  # documentation
    )
)
NOT_PUBLIC_V4 = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # between providers and their customers; some clouds' metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's platform, at an address that looks public
        "169.254.0.0/16",  # link-local, with most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
# The middle of the second half of addresses that carry one of version 4 through a local tunnel (ISATAP).
TUNNELS = (0x00005EFE, 0x02005EFE)


def is_public(text: str) -> bool:
    """Return whether this address, as a resolver gives it, may be a public server's."""
    try:
        address = _unwrapped(ip_address(text))
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in each for each in NOT_PUBLIC_V4)
    return _is_public_v6(address)


def _unwrapped(address: Address) -> Address:
    """Return the address of version 4 that one of version 6 stands for, where the system maps it."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def _is_public_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in PUBLIC_V6 or not address.is_global:
        return False
    if (int(address) >> 32) & 0xFFFFFFFF in TUNNELS:
        return False
    return not any(address in each for each in NOT_PUBLIC_V6)
