"""The text that people copy out of ChatGPT, checked before it is kept."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.traffic.conversations import debugging
from actionstudio.core.debugging import reading


class DebugForm(forms.Form):
    """One text; it must tell of a call, or there is nothing to set beside the log."""

    text = forms.CharField(
        label=lazy("ChatGPT's text"),
        max_length=reading.LONGEST,
        widget=forms.Textarea(attrs={"rows": 10, "class": "mono", "spellcheck": "false", "autocomplete": "off"}),
        help_text=lazy(
            "Open “[debug] Calling HTTP endpoint” and “[debug] Response received” in the GPT editor's preview, and "
            "copy all of it. Several calls, and words around them, do no harm. Secrets are masked before it is kept."
        ),
        error_messages={
            "required": lazy("Paste the text first. To take it away, press Remove."),
            "max_length": lazy(
                "This text has %(show_value)d characters; %(limit_value)d is the most. Paste a part of it."
            ),
        },
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if "\0" in text:
            text = text.replace("\0", "")
        if not debugging.tells(text):
            raise forms.ValidationError(
                _(
                    "No call was found in this text. It should have a line “[debug] Calling HTTP endpoint”, and behind "
                    "it an object with “domain”, “operation” and “params”: open that line in ChatGPT before you copy."
                ),
                code="no-call",
            )
        return text
