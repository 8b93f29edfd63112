"""The settings of a project: one page a section, all under the same tabs."""

import base64

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.design import declaring, load
from actionstudio.apps.library import configuring, creating, exporting, logo
from actionstudio.apps.library.forms import (
    DeleteForm,
    DuplicateForm,
    GeneralForm,
    LimitFormSet,
    LogoForm,
    ManifestForm,
    MasksForm,
    PolicyForm,
)
from actionstudio.apps.library.overview import places
from actionstudio.apps.projects import access, deleting
from actionstudio.apps.publishing.source import kept_days
from actionstudio.apps.web import htmx
from actionstudio.core import codec, policy
from actionstudio.core.problem import Refused
from actionstudio.core.specs import manifest


@login_required
def settings(request, slug: str, section: str = "general"):
    """One section of the settings."""
    project = access.changeable(request, slug)
    if section not in SECTIONS:
        raise Http404
    return SECTIONS[section][1](request, project)


def _sent(request):
    """The data of a sent form, also of an empty one; None when nothing was sent."""
    return request.POST if request.method == "POST" else None


def _shown(request, project, section: str, **context):
    """The section's page; 422 when its form has errors."""
    wrong = any(getattr(value, "is_bound", False) and not value.is_valid() for value in context.values())
    context |= {"nav": "settings", "project": project, "section": section, "tabs": _tabs(project)}
    return htmx.page(request, f"library/settings/{section}.html", context, status=422 if wrong else 200)


def _tabs(project) -> list[tuple[str, str, str]]:
    return [
        (key, title, reverse("library:settings", args=[project.slug, key])) for key, (title, _v) in SECTIONS.items()
    ]


def _saved(project, section: str, revision=None, message: str = ""):
    """Back to the section with a word on what happened."""
    if revision:
        message = _("Saved, live as v%(n)s.") % {"n": revision.number}
    return htmx.redirect(reverse("library:settings", args=[project.slug, section]), message or _("Saved."))


def _general(request, project):
    form = GeneralForm.of(project, project.document, _sent(request))
    if form.is_valid():
        configuring.rename(project, **form.project_fields())
        revision = configuring.change_document(project, request.user, _("Settings"), **form.document_fields())
        return _saved(project, "general", revision)
    return _shown(request, project, "general", form=form)


def _logo(request, project):
    form = LogoForm(_sent(request), request.FILES or None)
    if request.method == "POST" and "remove" in request.POST:
        return _saved(project, "logo", configuring.change_logo(project, b"", request.user))
    if form.is_valid():
        try:
            file = form.cleaned_data["logo"]
            png = logo.checked(file.read(logo.LARGEST + 1))
            return _saved(project, "logo", configuring.change_logo(project, png, request.user))
        except Refused as refused:
            form.add_problems(refused)
    row = project.logos.filter(digest=project.document.logo).first() if project.document.logo else None
    image = base64.b64encode(bytes(row.image)).decode() if row else ""
    return _shown(request, project, "logo", form=form, image=image)


def _policy(section: str, title, column: str, generate):
    def view(request, project):
        generated = generate(load.contract(project))
        stored = getattr(project.document, column)
        if "generated" in request.POST:
            form = PolicyForm(initial={"text": generated})
        else:
            form = PolicyForm(_sent(request), initial={"text": stored})
            if form.is_valid():
                text = {column: form.cleaned_data["text"].replace("\r\n", "\n")}
                return _saved(project, section, configuring.change_document(project, request.user, str(title), **text))
        context = {"form": form, "generated": generated, "title": title, "written": bool(stored)}
        served = [f"{place.urls[0]}/{section}" for place in places(project)]
        return _shown(request, project, section, served=served, **context)

    return view


def _manifest(request, project):
    contract = load.contract(project)
    place = next(iter(places(project)), None)
    rendered = manifest.render(contract, base_url=place.urls[0] if place else "https://example.com")
    form = ManifestForm.of(project.document, rendered, _sent(request))
    if form.is_valid():
        value = {"manifest": codec.plain(form.value())}
        revision = configuring.change_document(project, request.user, _("Plugin manifest"), **value)
        return _saved(project, "manifest", revision)
    return _shown(request, project, "manifest", form=form, rendered=rendered, place=place)


def _log(request, project):
    form = MasksForm(_sent(request), initial={"masks": "\n".join(project.masks)})
    if form.is_valid():
        configuring.change_masks(project, form.cleaned_data["masks"])
        return _saved(project, "log")
    return _shown(request, project, "log", form=form)


def _limits(request, project):
    forms = LimitFormSet.of(load.contract(project).limits, _sent(request))
    if forms.is_valid():
        wanted = [codec.plain(limit) for limit in forms.value()]
        revision = declaring.declare(project, request.user, limits=wanted)
        return _saved(project, "limits", revision)
    return _shown(request, project, "limits", forms=forms)


def _export(request, project):
    return _shown(request, project, "export", formats=list(exporting.FORMATS))


def _danger(request, project):
    deed = request.POST.get("deed")
    copying = DuplicateForm(
        request.POST if deed == "duplicate" else None, initial={"name": _("%(n)s (copy)") % {"n": project.name[:110]}}
    )
    removing = DeleteForm(request.POST if deed == "delete" else None, project=project)
    if copying.is_valid():
        try:
            made = creating.duplicate(project, load.contract(project), request.user, **copying.cleaned_data)
            return htmx.redirect(reverse("library:overview", args=[made.slug]), _("Copied. The copy is live."))
        except Refused as refused:
            copying.add_problems(refused)
    if removing.is_valid():
        deleting.delete(project, by=request.user)
        message = _("“%(name)s” is deleted; its address no longer answers.") % {"name": project.name}
        return htmx.redirect(reverse("projects:list"), message)
    return _shown(request, project, "danger", copying=copying, removing=removing)


def _privacy(contract) -> str:
    """The generated policy as it is served."""
    return policy.privacy(contract, days=kept_days())


SECTIONS = {
    "general": (lazy("General"), _general),
    "logo": (lazy("Logo"), _logo),
    "privacy": (lazy("Privacy policy"), _policy("privacy", lazy("Privacy policy"), "privacy", _privacy)),
    "legal": (lazy("Legal"), _policy("legal", lazy("Legal information"), "legal", policy.legal)),
    "manifest": (lazy("Plugin manifest"), _manifest),
    "log": (lazy("Log"), _log),
    "limits": (lazy("Rate limits"), _limits),
    "export": (lazy("Export"), _export),
    "danger": (lazy("Copy or delete"), _danger),
}
