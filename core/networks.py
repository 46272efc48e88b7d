"""Networks that admins allow, and addresses among them."""

from collections.abc import Collection
from ipaddress import ip_address, ip_network


def lets_in(networks: Collection[str], address: str) -> bool:
    """Return whether the address is in one of the networks; an IPv4 one may be written as IPv6.

    No networks allow every address.
    """
    if not networks:
        return True
    plain = ip_address(address)
    mapped = getattr(plain, "ipv4_mapped", None)
    return any((mapped or plain) in ip_network(network) for network in networks)
