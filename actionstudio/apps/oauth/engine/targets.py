"""Resources that a token is asked for (RFC 8707): those of this address, and no others."""

from __future__ import annotations

from collections.abc import Sequence

from oauth2_provider.oauth2_validators import is_valid_resource_uri, validate_resource_as_url_prefix

from actionstudio.apps.oauth import codes, tenancy


def wrong(resources: Sequence[str]) -> tuple[str, str] | None:
    """The first of these resources that is none of this address, and the code of why; None when all are right.

    Right are the address's base URLs and what is below them (RFC 8707, section 2): its MCP server, for one."""
    bases = list(tenancy.current().hosted.base_urls)
    for one in resources:
        if not _readable(one):
            return codes.RESOURCE_MALFORMED, one
        if not validate_resource_as_url_prefix(one, bases):
            return codes.RESOURCE_UNKNOWN, one
    return None


def _readable(uri: str) -> bool:
    """Whether it is an absolute URL at all. The toolkit's own check breaks at a bracket that is left open."""
    try:
        return is_valid_resource_uri(uri)
    except ValueError:
        return False
