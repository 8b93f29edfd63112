"""Why a model gave no answer, in words for people, each with the cure."""

from django.utils.translation import gettext_lazy as lazy

WORDS = {
    "said": lazy("%(text)s It says: “%(said)s”"),
    # No answer
    "private": lazy(
        "%(host)s lies in a private network, and this studio does not call those. Its operator can allow it:"
        " STUDIO_ALLOW_PRIVATE_UPSTREAMS=true."
    ),
    "never": lazy(
        "%(host)s is a link-local address, or one at which a cloud tells a machine its keys. This studio calls none."
    ),
    "name": lazy("There is no host %(host)s. Look for a typing error in the base URL."),
    "time": lazy("%(host)s said nothing for %(seconds)g seconds. Allow it more time, or try again."),
    "tls": lazy("The certificate of %(host)s is not accepted."),
    "connect": lazy("Nothing answers at %(host)s. Is the server running, and is the port right?"),
    "cut": lazy("%(host)s broke the connection off in the middle of its answer. Try again."),
    "protocol": lazy("What answers at %(host)s speaks no HTTP. Look at the port, and at http or https in the URL."),
    "large": lazy("The answer of %(host)s is too large."),
    "failed": lazy("%(host)s could not be asked."),
    # An answer that is none
    "redirect": lazy("%(host)s sends requests on to %(to)s. Give the base URL that it leads to."),
    "page": lazy("%(host)s answered with a web page (%(status)s). The base URL is wrong: most end with /v1."),
    "page_failed": lazy("%(host)s answered %(status)s with a web page: what stands before the model failed."),
    "not_json": lazy("%(host)s answered something that is not JSON. Is the base URL that of an OpenAI-compatible API?"),
    "not_protocol": lazy("%(host)s answered JSON that is no answer of this protocol. Try the other protocol."),
    "empty": lazy("%(host)s ended its answer without having said anything."),
    "cut_short": lazy("%(host)s ended its answer in the middle. Try again."),
    # What the server says
    "no_key": lazy("%(host)s wants a key, and none is kept for it."),
    "key": lazy("%(host)s does not accept the key. Give it a new one."),
    "forbidden": lazy("%(host)s does not let this key do that (403)."),
    "quota": lazy("The account at %(host)s has no credit left, or its limit is reached."),
    "limit": lazy("Too many requests: %(host)s wants fewer of them. Wait a little."),
    "limit_wait": lazy("Too many requests: %(host)s wants to be asked again in %(wait)g seconds."),
    "context": lazy("The chat is longer than the model %(model)s takes. Begin a new one, or shorten it."),
    "model": lazy("%(host)s does not know the model “%(model)s”, or this key may not use it."),
    "path": lazy("%(host)s has no such address (%(status)s). The base URL is wrong: most end with /v1."),
    "tools": lazy("The model %(model)s cannot call functions. Choose one that can."),
    "request": lazy("%(host)s refused the request (%(status)s)."),
    "failed_there": lazy("%(host)s failed (%(status)s). Try again later."),
    "failed_wait": lazy("%(host)s failed (%(status)s), and wants to be asked again in %(wait)g seconds."),
    "gave_up": lazy("%(host)s gave up in the middle of its answer."),
    # Here
    "unreadable": lazy("The key cannot be opened any more: this studio's encryption key was changed. Type it again."),
    "unset": lazy("This model is no longer set: the operator took OPENAI_BASE_URL and OPENAI_API_KEY away."),
}
