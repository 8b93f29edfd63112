"""Forms for new projects and for a project's settings."""

import dataclasses

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.design.models import Document
from actionstudio.apps.library import detecting, importing, logo, starters
from actionstudio.apps.projects.models import Project
from actionstudio.apps.web.telling import told
from actionstudio.apps.web.wording import WordsMixin
from actionstudio.core.answering import RANGES
from actionstudio.core.behaviour import Limit
from actionstudio.core.contract import VALIDATION_MODES, Manifest
from actionstudio.core.problem import Refused

POLICY_LARGEST = 100_000
MASKS_MOST = 100
LIMITS_MOST = 20
LIMIT_RANGES = RANGES[Limit]
TOO_LARGE = lazy("This is larger than 10 MB, which is the most that can be imported.")


class ProblemsMixin(WordsMixin):
    """Shows a refusal beside the field that its pointer names."""

    fallback: str | None = None

    def add_problems(self, refused: Refused) -> None:
        for problem in refused.problems[:20]:
            name = problem.pointer.strip("/")
            self.add_error(name if name in self.fields else self.fallback, told(problem.message))


class NewProjectForm(ProblemsMixin, forms.Form):
    """Anything pasted, a file, or nothing with an example's button; name and address are optional."""

    source = forms.CharField(
        label=lazy("Paste an OpenAPI document, curl commands or what else you have, or a link"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 5,
                "class": "mono",
                "autofocus": True,
                "spellcheck": "false",
                "data-largest": importing.LARGEST,
                "data-too-large": TOO_LARGE,
                "placeholder": lazy(
                    "openapi: 3.1.0 … · curl https://api.example.com/orders · https://api.example.com/openapi.json"
                ),
            }
        ),
    )
    file = forms.FileField(
        label=lazy("or choose a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"data-largest": importing.LARGEST, "data-too-large": TOO_LARGE}),
    )
    format = forms.ChoiceField(
        label=lazy("Format"),
        required=False,
        choices=list(detecting.LABELS.items()),
        initial=detecting.AUTO,
        help_text=lazy("Choose one only when it was taken for something else."),
    )
    name = forms.CharField(
        label=lazy("Name"),
        required=False,
        max_length=120,
        help_text=lazy("For whatever you start from. Empty: the title of the document or the name of the example."),
    )
    slug = forms.CharField(
        label=lazy("Address"),
        required=False,
        max_length=100,
        help_text=lazy("Part of every URL: small letters, digits and hyphens. Made from the name when empty."),
    )
    fallback = "source"

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if self.data.get("starter") == starters.BLANK and not name:
            raise forms.ValidationError(_("Give the new project a name: nothing else names it."))
        return name

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or detecting.AUTO

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > importing.LARGEST:
            raise forms.ValidationError(TOO_LARGE)
        if file:
            self.fallback = "file"
        return file

    def data_given(self) -> bytes:
        """What was pasted or uploaded; the file wins."""
        file = self.cleaned_data["file"]
        return file.read() if file else self.cleaned_data["source"].encode()


class ReimportForm(ProblemsMixin, forms.Form):
    """A newer document: pasted, a link, or a file."""

    source = forms.CharField(
        label=lazy("Paste the newer document, or a link to it"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 5,
                "class": "mono",
                "spellcheck": "false",
                "data-largest": importing.LARGEST,
                "data-too-large": TOO_LARGE,
                "placeholder": lazy("openapi: 3.1.0 (YAML or JSON) · https://api.example.com/openapi.json"),
            }
        ),
    )
    file = forms.FileField(
        label=lazy("or choose a file"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"data-largest": importing.LARGEST, "data-too-large": TOO_LARGE}),
    )
    fallback = "source"

    clean_file = NewProjectForm.clean_file

    def given(self) -> dict:
        """What was sent, as :func:`reimporting.begin` takes it; the file wins. Raises Refused when it is nothing."""
        file, source = self.cleaned_data["file"], self.cleaned_data["source"]
        if file:
            return {"data": file.read(), "filename": file.name}
        if url := detecting.link(source):
            return {"url": url}
        if not source.strip():
            raise detecting.refused(_("Paste the newer document or a link to it, or choose a file."))
        return {"data": source.encode()}


class GeneralForm(forms.Form):
    """What the project is called in the studio, and what its document says about it."""

    name = forms.CharField(label=lazy("Name"), max_length=120)
    description = forms.CharField(label=lazy("In one sentence"), max_length=300, required=False)
    title = forms.CharField(label=lazy("Title of the document"), max_length=500)
    version = forms.CharField(label=lazy("Version of the document"), max_length=100)
    about = forms.CharField(
        label=lazy("Description in the document"),
        required=False,
        max_length=POLICY_LARGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    contact_email = forms.EmailField(
        label=lazy("Contact e-mail"),
        required=False,
        max_length=254,
        help_text=lazy("Stands in the plugin manifest and in the generated privacy policy."),
    )
    validation = forms.ChoiceField(
        label=lazy("When a call does not fit the document"),
        choices=[
            ("strict", lazy("Refuse it (422) and say what is wrong")),
            ("report", lazy("Answer it, and note the problems in the log")),
            ("off", lazy("Do not look")),
        ],
        help_text=lazy(
            "What the endpoint declares for 422, else for 400, is the answer then; a wrong media type gets 415. An "
            "endpoint can choose for itself."
        ),
    )
    assert [key for key, _label in validation.choices] == list(VALIDATION_MODES)

    @classmethod
    def of(cls, project: Project, document: Document, data=None) -> "GeneralForm":
        return cls(
            data,
            initial={
                "name": project.name,
                "description": project.description,
                "title": document.title,
                "version": document.version,
                "about": document.description,
                "contact_email": document.contact_email,
                "validation": document.validation,
            },
        )

    def project_fields(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("name", "description")}

    def document_fields(self) -> dict:
        """What the document says. Its title goes with the project's name as long as the two are the same."""
        names = ("title", "version", "contact_email", "validation")
        fields = {name: self.cleaned_data[name] for name in names} | {"description": self.cleaned_data["about"]}
        if fields["title"] == self.initial["title"] == self.initial["name"]:
            fields["title"] = self.cleaned_data["name"]
        return fields


class LogoForm(ProblemsMixin, forms.Form):
    """A new logo."""

    logo = forms.FileField(
        label=lazy("Image"),
        widget=forms.FileInput(
            attrs={
                "accept": "image/png,image/jpeg,image/webp,image/gif",
                "data-largest": logo.LARGEST,
                "data-too-large": lazy("The image is larger than 5 MB. Choose a smaller one."),
            }
        ),
        help_text=lazy("PNG, JPEG, WebP or GIF, up to 5 MB. It is fitted into 512 × 512 and written anew as PNG."),
    )
    fallback = "logo"


class PolicyForm(forms.Form):
    """The privacy policy or the legal text, as Markdown."""

    text = forms.CharField(
        label=lazy("Text (Markdown)"),
        required=False,
        max_length=POLICY_LARGEST,
        widget=forms.Textarea(attrs={"rows": 16, "class": "mono"}),
        help_text=lazy("Empty: the generated text below is served."),
    )


class ManifestForm(forms.Form):
    """The texts of the legacy plugin manifest."""

    name_for_human = forms.CharField(label=lazy("Name for people"), required=False, max_length=50)
    name_for_model = forms.RegexField(
        r"^[A-Za-z0-9_]*$",
        label=lazy("Name for the model"),
        required=False,
        max_length=50,
        error_messages={"invalid": lazy("Use letters, digits and _ only.")},
    )
    description_for_human = forms.CharField(label=lazy("Description for people"), required=False, max_length=120)
    description_for_model = forms.CharField(
        label=lazy("Description for the model"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        validators=[MaxLengthValidator(8000)],
    )

    @classmethod
    def of(cls, document: Document, rendered: dict, data=None) -> "ManifestForm":
        form = cls(data, initial=document.manifest)
        for name, field in form.fields.items():
            field.widget.attrs["placeholder"] = str(rendered.get(name, ""))[:300]
            field.widget.attrs["data-count"] = f"#count-{name}"
            field.limit = LIMITS[name]
        return form

    def value(self) -> Manifest:
        return Manifest(**{field.name: self.cleaned_data[field.name] for field in dataclasses.fields(Manifest)})


LIMITS = {"name_for_human": 50, "name_for_model": 50, "description_for_human": 120, "description_for_model": 8000}


class MasksForm(forms.Form):
    """Names whose values the log hides."""

    masks = forms.CharField(
        label=lazy("Names to hide, one a line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "placeholder": "x-session\niban\npatient_name"}),
        help_text=lazy("Headers, query and form fields and JSON keys of these names, upper or lower case."),
    )

    def clean_masks(self) -> list[str]:
        names = list(dict.fromkeys(line.strip().lower() for line in self.cleaned_data["masks"].splitlines()))
        names = [name for name in names if name]
        if len(names) > MASKS_MOST:
            raise forms.ValidationError(_("Use at most %(n)s names.") % {"n": MASKS_MOST})
        if long := next((name for name in names if len(name) > 80), None):
            raise forms.ValidationError(_("“%(name)s…” is too long for a name.") % {"name": long[:30]})
        return names


class LimitForm(forms.Form):
    """One rate limit of the whole project. Without a number of calls there is none."""

    calls = forms.IntegerField(label=lazy("Calls"), required=False, min_value=1, max_value=LIMIT_RANGES["calls"][1])
    seconds = forms.IntegerField(
        label=lazy("in so many seconds"), required=False, min_value=1, max_value=LIMIT_RANGES["seconds"][1], initial=60
    )
    per = forms.ChoiceField(
        label=lazy("Counted for"),
        choices=[("all", lazy("all callers together")), ("credential", lazy("each credential"))],
    )

    def clean(self):
        told = self.cleaned_data
        if told.get("calls") and "seconds" in told and not told["seconds"]:
            self.add_error("seconds", _("Say in how many seconds."))


class LimitFormSet(forms.formset_factory(LimitForm, extra=1, max_num=LIMITS_MOST, validate_max=True)):
    """A project's rate limits, and room for one more."""

    @classmethod
    def of(cls, limits: tuple[Limit, ...], data=None) -> "LimitFormSet":
        return cls(data, initial=[dataclasses.asdict(limit) for limit in limits], prefix="limit")

    def value(self) -> tuple[Limit, ...]:
        """The limits as they were sent, those without calls left out."""
        return tuple(Limit(**form.cleaned_data) for form in self if form.cleaned_data.get("calls"))


class DuplicateForm(ProblemsMixin, forms.Form):
    """A copy under another name."""

    name = forms.CharField(label=lazy("Name of the copy"), max_length=120)
    slug = forms.CharField(label=lazy("Address"), required=False, max_length=100)
    fallback = "name"


class DeleteForm(forms.Form):
    """Deleting asks for the project's name, typed."""

    typed = forms.CharField(
        label=lazy("Type the project's name to delete it"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        self.project = project

    def clean_typed(self) -> str:
        if self.cleaned_data["typed"] != self.project.name.strip():
            raise forms.ValidationError(_("That is not its name: %(name)s.") % {"name": self.project.name})
        return self.cleaned_data["typed"]
