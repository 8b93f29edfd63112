"""Forms of the collections' pages: what a collection is, and rows that come as a text or a file."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.core.answering import NAME
from actionstudio.core.behaviour import Collection
from actionstudio.core.problem import Problem, Refused

PLACES = [
    ("", lazy("One list, shared by every caller")),
    ("path", lazy("A list for each value of a path parameter")),
    ("query", lazy("A list for each value of a query parameter")),
    ("header", lazy("A list for each value of a header")),
    ("user", lazy("A list for each caller who signed in")),
]
ID_KINDS = [
    ("integer", lazy("Whole numbers: the highest and one")),
    ("uuid", lazy("UUIDs")),
    ("text", lazy("Texts that callers choose")),
]
NAMED = ("path", "query", "header")
MOST = 2_000_000  # bytes of rows in one upload


class CollectionForm(ProblemsMixin, forms.Form):
    """What a collection is: its name (once), its id and how it is cut into lists."""

    name = forms.CharField(
        label=lazy("Name"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "mono", "placeholder": "pets"}),
        help_text=lazy("What the rows are, such as pets. Endpoints know the collection by it."),
    )
    id_field = forms.CharField(
        label=lazy("Field with the id"),
        required=False,
        max_length=100,
        initial="id",
        widget=forms.TextInput(attrs={"class": "mono"}),
        help_text=lazy("Empty for rows that are plain texts or numbers."),
    )
    id_kind = forms.ChoiceField(label=lazy("New ids are"), choices=ID_KINDS)
    partition_in = forms.ChoiceField(label=lazy("Lists"), required=False, choices=PLACES)
    partition_by = forms.CharField(
        label=lazy("Name of that parameter or header"),
        help_text=lazy("Several with commas make a list for each pair: org, repo."),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "mono", "placeholder": "username"}),
    )

    def __init__(self, *args, taken=(), fixed: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.taken = set(taken)
        if fixed:
            del self.fields["name"]

    @classmethod
    def of(cls, value: Collection, data=None) -> "CollectionForm":
        """The form that changes ``value``."""
        parts = [part.strip() for part in value.partition.split(",") if part.strip()]
        place = parts[0].partition(".")[0] if parts else ""
        names = [part.removeprefix(f"{place}.") for part in parts if "." in part]
        initial = {
            "id_field": value.id_field,
            "id_kind": value.id_kind,
            "partition_in": place,
            "partition_by": ", ".join(names),
        }
        return cls(data, initial=initial, fixed=value.name)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        if not NAME.fullmatch(name):
            raise forms.ValidationError(_("Use letters, digits, - and _, beginning with a letter or digit."))
        if name in self.taken:
            raise forms.ValidationError(_("There is a collection of this name already."))
        return name

    def clean(self):
        place, text = self.cleaned_data.get("partition_in", ""), self.cleaned_data.get("partition_by", "")
        names = [name.strip() for name in text.split(",") if name.strip()]
        if place not in NAMED:
            self.cleaned_data["partition"] = place
            return
        if not names:
            self.add_error("partition_by", _("Say whose value it is, such as username."))
        parts = [name if name.startswith(tuple(f"{one}." for one in NAMED)) else f"{place}.{name}" for name in names]
        self.cleaned_data["partition"] = ",".join(parts)

    def fields_of(self) -> dict:
        """What was chosen, as fields of a Collection."""
        return {name: self.cleaned_data[name] for name in ("id_field", "id_kind", "partition")}


class RowsForm(ProblemsMixin, forms.Form):
    """Rows as CSV or JSON, pasted or from a file."""

    text = forms.CharField(
        label=lazy("Rows as CSV or JSON"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "placeholder": "name,price\nPencil,1.20"}),
    )
    file = forms.FileField(label=lazy("Or a file"), required=False)
    how = forms.ChoiceField(
        label=lazy("And the rows that are there"),
        choices=[
            ("add", lazy("stay; the new ones go below")),
            ("merge", lazy("stay; new ones replace those with the same id")),
            ("replace", lazy("go")),
        ],
        widget=forms.RadioSelect,
        initial="add",
    )

    @property
    def fallback(self) -> str:
        """The field that was used: what is wrong with the rows stands beside it."""
        return "file" if self.files.get("file") else "text"

    def add_problems(self, refused: Refused) -> None:
        """What is wrong with the rows, whatever it points at within them."""
        super().add_problems(Refused(*(Problem("", problem.message, problem.code) for problem in refused.problems)))

    def clean(self):
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if file:
            if file.size > MOST:
                self.add_error("file", _("The file is larger than 2 MB."))
                return
            try:
                text = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not text in UTF-8. Save it as CSV (UTF-8) or JSON."))
                return
        if len(text) > MOST:
            self.add_error(self.fallback, _("This is more than 2 MB of text."))
        elif not text.strip():
            self.add_error(self.fallback, _("Paste the rows, or choose a file."))
        self.cleaned_data["rows"] = text
