"""Which network does a request come from? One household, one office, one telephone's carrier.

An address of version 6 is one of the 2^64 that a single connection may use as it likes, so its
first 64 bits are what tells two networks apart.
"""

from ipaddress import IPv4Address, ip_address

HALF_OF_IPV6 = 19
"""Characters of four groups of four digits, with the colons between them."""


def find_network(address: str | None) -> str | None:
    """An address of version 4 (also one written as version 6), or the first 64 bits of version 6
    written out in full; None for what is no address, such as that of a local socket."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return None
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return parsed.exploded[:HALF_OF_IPV6]
