"""Rule: header and cookie parameters are not sent."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.contract import Parameter
from actionstudio.core.importer.repairs import header_parameters
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.words import said

_EVERYBODYS = {"accept", "content-type", "authorization"}  # OpenAPI 3.1.0, section 4.8.12: not described by these


@rule(
    level="drops-param",
    source="PAR-02",
    targets=("gpt", "plugin"),
    sure="C",
    repairs=("header-parameters",),
    words="parameter X has location header; ignoring",
    bad="{name: X-Plan, in: header}",
    good="{name: plan, in: query}",
)
def check(look: Look) -> Iterator[Hit]:
    """ChatGPT sends no header and no cookie parameters. Use a query parameter, or the authentication for a key.

    The document that we serve leaves them out, so that ChatGPT's own message does not come.
    """
    credentials = header_parameters.credential_places(look.resolver)
    for op in look.operations:
        for pointer, parameter in look.parameters(op):
            if parameter.in_ in ("header", "cookie") and parameter.name.lower() not in _EVERYBODYS:
                yield Hit(
                    pointer,
                    _message(parameter),
                    f"parameter {parameter.name} has location {parameter.in_}; ignoring" if look.as_written else "",
                    fix="header-parameters" if header_parameters.fillable(parameter, credentials) else "",
                )


def _message(parameter: Parameter) -> str:
    if parameter.in_ == "cookie":
        message = said("ChatGPT never sends the cookie “%(name)s”. Make it a query parameter.", name=parameter.name)
    else:
        message = said("ChatGPT never sends the header “%(name)s”. Make it a query parameter.", name=parameter.name)
    if parameter.required:
        return said("%(message)s It is required here, so calls from ChatGPT will be refused.", message=message)
    return message
