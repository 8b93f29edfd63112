"""The pages about the checks: every rule documented by itself, from its docstring and the facts beside it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from actionstudio.apps.web.marks import LEVELS, SURE, TARGETS, TOPICS, Mark
from actionstudio.apps.web.telling import paragraphs, told
from actionstudio.core.importer.profile import REPAIRS
from actionstudio.core.importer.repair import Repair
from actionstudio.core.lint import RULES, Rule


@dataclass(frozen=True)
class Page:
    """One rule as its page shows it."""

    rule: Rule

    @property
    def title(self) -> str:
        return capfirst(paragraphs(self.rule.title)[0].rstrip(".。"))

    @property
    def what(self) -> str:
        return paragraphs(self.rule.about)[0]

    @property
    def why(self) -> list[str]:
        return paragraphs(self.rule.about)[1:]

    @property
    def mark(self) -> Mark:
        return LEVELS[self.rule.level]

    @property
    def sure(self) -> str:
        return SURE.get(self.rule.sure, "")

    @property
    def targets(self) -> list[str]:
        return [TARGETS[name] for name in self.rule.targets]

    @property
    def topic(self) -> str:
        return TOPICS[self.rule.topic]

    @property
    def url(self) -> str:
        return reverse("web:help-rule", args=[self.rule.code])

    @property
    def repairs(self) -> list[dict[str, Any]]:
        return [_repair(REPAIRS[code]) for code in self.rule.repairs if code in REPAIRS]

    @property
    def near(self) -> list["Page"]:
        """The other rules from the same source."""
        same = (one for one in RULES.values() if one.source and one.source == self.rule.source)
        return [Page(one) for one in same if one.code != self.rule.code]


def _repair(one: Repair) -> dict[str, Any]:
    return {"title": told(one.title), "about": paragraphs(one.about), "always": one.always, "shapes": one.shapes}


def url_of(name: str) -> str:
    """The page of a rule by its code, or by its number in docs/chatgpt-rules.md; else the list of all."""
    found = RULES.get(name) or next((one for one in RULES.values() if one.source and one.source == name), None)
    return Page(found).url if found else reverse("web:help-rules")


def help_rules(request):
    """All rules, by what they are about; ``?target=`` shows those that one target minds."""
    target = request.GET.get("target", "")
    target = target if target in TARGETS else ""
    pages = [Page(one) for one in RULES.values() if not target or target in one.targets]
    groups = [(title, [page for page in pages if page.rule.topic == topic]) for topic, title in TOPICS.items()]
    context = {
        "groups": [(title, found) for title, found in groups if found],
        "targets": TARGETS,
        "target": target,
        "total": len(pages),
        "nav": "help",
    }
    return render(request, "web/help_rules.html", context)


def help_rule(request, code: str):
    """One rule: what, why, how ChatGPT says it, how sure that is, an example, and what mends it."""
    if code not in RULES:
        raise Http404(_("No such rule."))
    return render(request, "web/help_rule.html", {"page": Page(RULES[code]), "nav": "help"})
