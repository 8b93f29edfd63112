"""The headers of a call, in ChatGPT's order and case.

``gpt`` is the capture of 2025-08-20 (docs/chatgpt-rules.md, CALL-01): what stands there stands here, and what is not in
it is not sent. ``plugin`` is what the documentation of 2023 and the logs of plugins show (CALL-02).
"""

from __future__ import annotations

from actionstudio.core.call import Headers
from actionstudio.core.chatgpt.credential import Credential
from actionstudio.core.chatgpt.identity import Identity, Trace

AGENT = "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot"
JSON_BODY = "application/json"
CODINGS = "gzip, deflate, br"
EGRESS = "74.7.36.100"  # whom the capture came from; a proxy in front of the server writes this, ChatGPT does not
SUBDIVISION = "US-CA"
CONVERSATION, USER, GPT = "openai-conversation-id", "openai-ephemeral-user-id", "openai-gpt-id"


def written(
    identity: Identity, trace: Trace, *, body: bool = False, credential: Credential | None = None, forwarded: str = ""
) -> Headers:
    """The headers of a GPT's call, without Host and Content-Length, which belong to the connection.

    ``body`` says whether there is one; ``forwarded`` is the address that the proxy in front of the server names, ""
    where the other server has a proxy of its own.
    """
    span = f"{trace.span:016x}"
    pairs = [
        ("user-agent", AGENT),
        ("accept", "*/*"),
        ("accept-encoding", CODINGS),
        *([("content-type", JSON_BODY)] if body else []),
        (CONVERSATION, identity.conversation),
        (USER, identity.user),
        (GPT, identity.gpt),
        ("traceparent", f"00-{trace.trace_id}-{span}-00"),
        ("tracestate", f"dd=s:-1;p:{span};t.tid:{trace.high}"),
        ("x-datadog-trace-id", str(trace.low)),
        ("x-datadog-parent-id", str(trace.span)),
        ("x-datadog-sampling-priority", "-1"),
        ("x-datadog-tags", f"_dd.p.tid={trace.high}"),
        ("x-openai-internal-caller", "plugin-service"),
        ("x-openai-originator", "sa-server-convo"),
        ("x-openai-originator-env", "prod"),
        ("x-openai-product-sku", "unknown"),
        ("x-openai-traffic-source", "user"),
    ]
    return _ended(pairs, credential, forwarded)


def of_plugin(
    identity: Identity, *, body: bool = False, credential: Credential | None = None, forwarded: str = ""
) -> Headers:
    """The headers of a plugin's call in 2023: no GPT yet, no traces, and the user's region."""
    pairs = [
        ("user-agent", AGENT),
        ("accept", "*/*"),
        ("accept-encoding", CODINGS),
        *([("content-type", JSON_BODY)] if body else []),
        (CONVERSATION, identity.conversation),
        (USER, identity.user),
        ("openai-subdivision-1-iso-code", SUBDIVISION),
    ]
    return _ended(pairs, credential, forwarded)


def _ended(pairs: list[tuple[str, str]], credential: Credential | None, forwarded: str) -> Headers:
    if forwarded:
        pairs.append(("x-forwarded-for", forwarded))
    if credential is not None:
        pairs.append((credential.name, credential.value))
    return tuple(pairs)
