"""The terms of the filter language: one file a term, the table in the order in which help shows them."""

from actionstudio.apps.traffic.asking.term import TERMS
from actionstudio.apps.traffic.asking.terms import (  # noqa: F401  each enters itself
    address,
    auth,
    body,
    client,
    conversation,
    gpt,
    has,
    header,
    is_,
    key,
    kind,
    method,
    operation,
    path,
    query,
    request,
    response,
    revision,
    sign_in,
    since,
    size,
    source,
    status,
    took,
    until,
    user,
    violation,
)

ORDER = (
    "status", "op", "method", "path", "query", "is", "violation", "took", "since", "until", "conversation", "user",
    "body", "request", "response", "header", "auth", "key", "sign-in", "source", "kind", "has", "gpt", "client",
    "address", "revision", "size",
)  # fmt: skip
HELP = tuple(TERMS[name] for name in ORDER)
