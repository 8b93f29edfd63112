"""Everything is https"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.signin.checks.check import Found, finding, passed, review
from actionstudio.apps.signin.checks.look import Look


@review(
    level="high",
    source="RFC 6749, 3.1 and 3.2; RFC 9700, 2.6",
    plain=lazy("An endpoint is http: codes, secrets and tokens travel in the clear."),
    local=lazy("http, but on this machine only: fine for trying it out."),
)
def check(look: Look) -> Found:
    """Looks at the scheme of every endpoint in the form and in the metadata.

    Only a loopback address may go without TLS.
    """
    metadata = look.metadata or {}
    urls = [look.setup.authorization_url, look.setup.token_url, look.setup.revocation_url]
    urls += [str(value) for name, value in metadata.items() if name.endswith(("_endpoint", "_uri")) or name == "issuer"]
    plain = [url for url in urls if url.startswith("http://")]
    bad = [url for url in plain if not _here(url)]
    if bad:
        return finding("plain", bad[0])
    return passed("local" if plain else "")


def _here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
