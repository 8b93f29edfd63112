"""The studio's own template language: ``{{ … }}`` filled in from a call, within bounds (docs/mocking.md).

    made = compile('{"id": "{{ path.id }}", "limit": {{ query.limit or 10 }}}', json=True)   # Refused when wrong
    made.render(scope).text                                                                   # OverBound when too much

``Scope`` is what it reads (runtime/scope.py makes one of a visit; ``Plain`` of given values). Texts of builders never
meet Python: look-up is by key only, every step and every character written is counted.
"""

from actionstudio.core.templating.bounds import OverBound
from actionstudio.core.templating.compiled import Compiled, Flaw, Rendered, compile, names, problems, roots
from actionstudio.core.templating.run import Plain, Scope
from actionstudio.core.templating.values import Missing, Rows

__all__ = [
    "Compiled", "Flaw", "Missing", "OverBound", "Plain", "Rendered", "Rows", "Scope", "compile", "names", "problems",
    "roots",
]  # fmt: skip
