"""What an operation's ``security`` asks for and nothing declares: a mistyped name would ask for nothing at all."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from actionstudio.core.auth import NoAuth, OAuth
from actionstudio.core.contract import Contract, Operation
from actionstudio.core.problem import Problem


def strange(op: Operation, contract: Contract, before: Operation | None = None) -> list[Problem]:
    """The schemes and scopes that ``op`` asks for in vain; those that it asked for ``before`` stay. A project that
    nobody needs a credential for yet may say what it likes."""
    if isinstance(contract.auth, NoAuth) or (before is not None and op.security == before.security):
        return []
    return list(_found(op, contract, before))


def _found(op: Operation, contract: Contract, before: Operation | None) -> Iterator[Problem]:
    schemes = _schemes(contract)
    kept = (before.security or ()) if before else ()
    for index, requirement in enumerate(op.security or ()):
        for name, scopes in requirement.items():
            at = f"/security/{index}/{name.replace('~', '~0').replace('/', '~1')}"
            if name not in schemes and not any(name in item for item in kept):
                told = {"name": name[:80], "all": ", ".join(schemes) or "-"}
                yield Problem(at, _("Nothing declares the scheme “%(name)s”. There are: %(all)s.") % told, "scheme")
            elif isinstance(contract.auth, OAuth) and name == contract.auth.scheme_name:
                was = {scope for item in kept for scope in item.get(name) or ()}
                yield from _scopes(scopes or (), contract.auth, was, at)


def _scopes(scopes, auth: OAuth, was: set[str], at: str) -> Iterator[Problem]:
    known = [scope.name for scope in auth.scopes]
    for number, scope in enumerate(scopes):
        if scope not in known and scope not in was:
            told = {"name": str(scope)[:80], "all": ", ".join(known) or "-"}
            said = _("The project has no scope “%(name)s”. There are: %(all)s.") % told
            yield Problem(f"{at}/{number}", said, "scope")


def _schemes(contract: Contract) -> list[str]:
    """The name of the project's own scheme, and those of the document."""
    own = getattr(contract.auth, "scheme_name", "")
    return list(dict.fromkeys(filter(None, [own, *contract.extra.get("components", {}).get("securitySchemes", {})])))
