"""The form of a model: where it is, its key (which goes in and never comes out), how it is asked, what it costs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.library.forms import ProblemsMixin
from actionstudio.apps.simulator.endpoints import defining
from actionstudio.apps.simulator.models import Endpoint
from actionstudio.core.problem import Refused

_MONO = {"class": "mono", "spellcheck": "false", "autocomplete": "off"}
_ANY = {"step": "any"}


class EndpointForm(ProblemsMixin, forms.Form):
    """One model. ``of`` makes it for an endpoint, whose values it shows; the key is never among them."""

    name = forms.CharField(label=lazy("Name"), max_length=80, help_text=lazy("What you call it here."))
    base_url = forms.CharField(
        label=lazy("Base URL"),
        max_length=500,
        help_text=lazy("Of any server that speaks OpenAI's API. Most end with /v1."),
        widget=forms.TextInput(attrs={**_MONO, "inputmode": "url", "placeholder": "https://api.openai.com/v1"}),
    )
    model = forms.CharField(
        label=lazy("Model"),
        max_length=120,
        help_text=lazy("As the server calls it. It must be able to call functions."),
        widget=forms.TextInput(attrs={**_MONO, "placeholder": "gpt-5-mini"}),
    )
    protocol = forms.ChoiceField(
        label=lazy("Protocol"),
        choices=Endpoint.Protocol.choices,
        initial=Endpoint.Protocol.CHAT,
        help_text=lazy("Nearly every server speaks Chat Completions; OpenAI's own speaks both."),
    )
    key = forms.CharField(
        label=lazy("Key"),
        required=False,
        max_length=2000,
        widget=forms.PasswordInput(attrs={**_MONO, "autocomplete": "new-password"}),
    )
    forget = forms.BooleanField(label=lazy("Forget the key that is kept"), required=False)
    temperature = forms.FloatField(
        label=lazy("Temperature"),
        required=False,
        min_value=0,
        max_value=2,
        help_text=lazy("0 gives nearly the same answer each time, 2 the most varied. Empty: the server's own."),
        widget=forms.NumberInput(attrs=_ANY),
    )
    max_tokens = forms.IntegerField(
        label=lazy("Longest answer, in tokens"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=lazy("Empty: the server's own."),
    )
    seconds = forms.IntegerField(
        label=lazy("Seconds to wait"),
        min_value=1,
        max_value=600,
        initial=60,
        help_text=lazy("How long it may say nothing. A model on your own computer may need more."),
    )
    stream = forms.BooleanField(
        label=lazy("Show the answer while it comes"),
        required=False,
        initial=True,
        help_text=lazy("Switch it off for servers that cannot stream."),
    )
    price_in = forms.FloatField(
        label=lazy("US dollars for a million tokens of prompt"),
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=lazy("With both prices, chats and runs show what they cost."),
        widget=forms.NumberInput(attrs=_ANY),
    )
    price_out = forms.FloatField(
        label=lazy("US dollars for a million tokens of answer"),
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs=_ANY),
    )

    endpoint: Endpoint

    @classmethod
    def of(cls, endpoint: Endpoint, data=None) -> EndpointForm:
        """The form for an endpoint, or for a new one."""
        form = cls(data, initial=defining.values(endpoint) if endpoint.pk else None)
        form.endpoint = endpoint
        if endpoint.environment:
            form.fields["base_url"].disabled = True
            form.fields["base_url"].help_text = _("Set in the environment, as the key is.")
            del form.fields["key"], form.fields["forget"]
            return form
        if not endpoint.sealed:
            del form.fields["forget"]
        form.fields["key"].help_text = _key_hint(endpoint)
        return form

    def clean_base_url(self) -> str:
        return defining.tidy(self.cleaned_data["base_url"])

    def clean_seconds(self) -> int:
        return self.cleaned_data["seconds"] or defining.USUAL["seconds"]

    def clean(self):
        """What else is wrong, told together with what is wrong already: one look at the form is enough."""
        said = defining.USUAL | {name: self.cleaned_data[name] for name in defining.USUAL if name in self.cleaned_data}
        for problem in defining.problems(self.endpoint, said, self._key()):
            name = problem.pointer.strip("/") or None
            if name is None or name not in self.errors:
                self.add_error(name, problem.message)

    def _key(self) -> str | None:
        return self.cleaned_data.get("key", "").strip() or ("" if self.cleaned_data.get("forget") else None)

    def save(self) -> bool:
        """Saves the endpoint; False when something is wrong, which the form then says."""
        try:
            defining.save(self.endpoint, {name: self.cleaned_data[name] for name in defining.USUAL}, self._key())
        except Refused as refused:
            self.add_problems(refused)
            return False
        return True

    def say_again(self) -> None:
        """A key that was typed is never sent back: whoever must mend the form is told to type it again."""
        if self.errors and "key" in self.fields and self.data.get("key") and "key" not in self.errors:
            self.add_error("key", _("Type it again: a key is never sent back to the page."))


def _key_hint(endpoint: Endpoint) -> str:
    if endpoint.last4:
        return _("The key that ends with %(last4)s is kept. Leave this empty to keep it.") % {"last4": endpoint.last4}
    if endpoint.sealed:
        return _("A key is kept. Leave this empty to keep it.")
    return _("Kept encrypted and never shown again. Servers on your own computer often want none.")
