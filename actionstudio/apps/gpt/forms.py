"""The form of the page that checks any document."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library import detecting, importing
from actionstudio.apps.library.forms import TOO_LARGE, NewProjectForm

SHOWN = 1_000_000  # bytes of a file that come back as text, so that a project can be made of them


class CheckForm(NewProjectForm):
    """What the form of a new project takes. Name and address of the project-to-be only travel along."""

    name = forms.CharField(required=False, widget=forms.HiddenInput)
    slug = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].widget.attrs |= {"rows": 10, "class": "mono pasted"}

    def clean(self) -> dict:
        if not self.errors and not self.cleaned_data["file"] and not self.cleaned_data["source"].strip():
            self.add_error("source", NOTHING)
        return self.cleaned_data

    def opened(self) -> tuple[bytes, str]:
        """The file or the pasted text, or what the link leads to with the address where that was. Raises Refused."""
        source = "" if self.cleaned_data["file"] else self.cleaned_data["source"]
        if url := detecting.link(source):
            return importing.opened(url)
        data = self.data_given()
        if len(data) > importing.LARGEST:
            raise detecting.refused(str(TOO_LARGE), "size")
        return data, ""

    def with_text(self, data: bytes) -> "CheckForm":
        """The form with the text of an uploaded file in place of the file, which no browser sends a second time; with
        neither when that text is no text or too long."""
        fields = {name: self.cleaned_data[name] for name in ("name", "slug", "format")}
        try:
            text = data.decode() if len(data) <= SHOWN else ""
        except UnicodeDecodeError:
            text = ""
        return CheckForm(initial={**fields, "source": "" if "\0" in text else text})


NOTHING = lazy("Paste a document or a link first, or choose a file.")
