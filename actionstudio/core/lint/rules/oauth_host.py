"""Rule: people sign in where the API is."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import hosts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said


@rule(
    level="degrades",
    source="OA-12",
    targets=("gpt", "plugin"),
    topic="calls",
    sure="A",
    bad="servers: [{url: https://api.example.com}]\nauthorizationUrl: https://login.other.com/authorize",
    good="servers: [{url: https://api.example.com}]\nauthorizationUrl: https://auth.example.com/authorize",
)
def check(look: Look) -> Iterator[Hit]:
    """The addresses of OAuth must be in the domain of the API, except those of Google, Microsoft and Adobe.

    Others pass the sign-in through their own host.
    """
    apis = {hosts.second_level(hosts.written_host(url)) for url in look.servers if hosts.parsed(url)}
    for pointer, _name, flow in hosts.flows(look.resolver.schemes()) if look.only is None and apis else ():
        for field in ("authorizationUrl", "tokenUrl"):
            host = hosts.written_host(str(flow.get(field, "")))
            if host and hosts.second_level(host) not in apis | hosts.SIGN_IN:
                message = said(
                    "People would sign in at %(host)s, which is not in the API's domain (%(apis)s).",
                    host=host,
                    apis=", ".join(sorted(apis)),
                )
                yield Hit(f"{pointer}/{field}", message)
