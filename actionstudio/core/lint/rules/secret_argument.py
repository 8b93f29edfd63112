"""Rule: secrets are no arguments."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said

_NAMES = {
    "apikey",
    "accesstoken",
    "authtoken",
    "clientsecret",
    "secret",
    "secretkey",
    "password",
    "authorization",
    "bearer",
    "appkey",
    "apitoken",
    "token",
}


@rule(
    level="degrades",
    source="AK-04",
    targets=TARGETS,
    topic="calls",
    sure="C",
    bad="parameters:\n  - {name: api_key, in: query, required: true}",
    good="security: [{key: []}]",
)
def check(look: Look) -> Iterator[Hit]:
    """The model fills in every argument, and has no secret to put there: it makes one up, or asks the user for it.

    Keys belong into the authentication of the action, where nobody sees them.
    """
    for op in look.operations:
        for name, _schema, _required, _text in look.arguments(op):
            if name.lower().replace("_", "").replace("-", "") in _NAMES:
                message = said(
                    "“%(name)s” of %(op)s is for a secret, which the model does not have.",
                    name=name,
                    op=texts.name_of(op),
                )
                yield Hit(look.argument_at(op, name), message)
