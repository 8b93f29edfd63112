"""The form of the page that checks any document."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library import detecting, importing
from actionstudio.apps.library.forms import TOO_LARGE, ProblemsMixin


class CheckForm(ProblemsMixin, forms.Form):
    """A document, or a link to one."""

    source = forms.CharField(
        label=lazy("Paste an OpenAPI document, or a link to one"),
        strip=False,
        error_messages={"required": lazy("Paste a document or a link first.")},
        widget=forms.Textarea(
            attrs={
                "rows": 10,
                "class": "mono pasted",
                "spellcheck": "false",
                "data-largest": importing.LARGEST,
                "data-too-large": TOO_LARGE,
                "placeholder": lazy("openapi: 3.1.0 (YAML or JSON) · https://api.example.com/openapi.json"),
            }
        ),
    )
    fallback = "source"

    def clean_source(self) -> str:
        source = self.cleaned_data["source"]
        if not source.strip():
            raise forms.ValidationError(self.fields["source"].error_messages["required"])
        return source

    def data_given(self) -> bytes:
        """The pasted text, or what the link leads to. Raises Refused."""
        source = self.cleaned_data["source"]
        if url := detecting.link(source):
            return importing.fetched(url)
        data = source.encode()
        if len(data) > importing.LARGEST:
            raise detecting.refused(str(TOO_LARGE), "size")
        return data
