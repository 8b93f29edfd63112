"""What keeps ChatGPT from a URL of ours, as far as its text tells."""

import ipaddress
from urllib.parse import urlsplit

PRIVATE = ("localhost", "local", "internal", "lan", "home", "test", "invalid", "example", "onion")


def flaw(url: str) -> str:
    """What is wrong with a URL for ChatGPT: it takes https on port 443 of a name that the internet knows.

    "" or why ChatGPT cannot use it: local, http, port or ip (SRV-02, SRV-05).
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        return "ip" if ipaddress.ip_address(host).is_global else "local"
    except ValueError:
        pass
    if "." not in host or host.rpartition(".")[2] in PRIVATE:
        return "local"
    if parts.scheme != "https":
        return "http"
    return "port" if parts.port not in (None, 443) else ""
