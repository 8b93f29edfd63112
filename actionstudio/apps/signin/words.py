"""What the verdicts of the emulator mean: a title and the cure, in words for the builder."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as lazy


@dataclass(frozen=True, slots=True)
class Words:
    """``title`` says what was wrong, ``cure`` what to do about it."""

    title: str
    cure: str


WORDS = {
    # No answer
    "gone": Words(lazy("The address no longer answers"), lazy("It was renamed or deleted: begin a new run.")),
    "private": Words(
        lazy("The server lies in a private network"),
        lazy("ChatGPT could not reach it either. This studio's operator can allow it: STUDIO_ALLOW_PRIVATE_UPSTREAMS."),
    ),
    "never": Words(
        lazy("The server is at a link-local address"),
        lazy("At such addresses clouds tell a machine its keys, so this studio calls none. Use another address."),
    ),
    "name": Words(lazy("The host has no address"), lazy("Look for a typing error, or add a DNS record for it.")),
    "time": Words(
        lazy("No answer in 45 seconds"),
        lazy("ChatGPT gives up then. A firewall that drops packets looks like this, and so does a server that hangs."),
    ),
    "tls": Words(
        lazy("The certificate is not accepted"),
        lazy("Clients want a certificate of a public authority for exactly this host, with its whole chain."),
    ),
    "connect": Words(lazy("Nothing answers there"), lazy("The port is closed: is the server running?")),
    "cut": Words(lazy("The connection broke off"), lazy("Try again, then look at the log of the server or its proxy.")),
    "protocol": Words(lazy("What answers speaks no HTTP"), lazy("Look at the port, and at http or https in the URL.")),
    "large": Words(lazy("The answer is larger than 1 MB"), lazy("A token or metadata has a few kB. Is the URL right?")),
    "interrupted": Words(
        lazy("The work was interrupted"),
        lazy("The studio was stopped in the middle; a code is never spent twice. Begin a new run."),
    ),
    # Finding the provider
    "nothing_to_call": Words(
        lazy("There is nothing to call"),
        lazy("An MCP client starts from a call: choose an endpoint, or give the URL of the server."),
    ),
    "not_protected": Words(
        lazy("The call without a token was let in"),
        lazy("An MCP client starts to sign in when it gets 401. Let the API demand a token."),
    ),
    "no_challenge": Words(
        lazy("401 without WWW-Authenticate"),
        lazy("Send “WWW-Authenticate: Bearer” with resource_metadata (RFC 9728, 5.1): clients start there."),
    ),
    "no_resource_metadata": Words(
        lazy("The protected resource has no metadata"),
        lazy("Serve /.well-known/oauth-protected-resource with “resource” and “authorization_servers” (RFC 9728)."),
    ),
    "other_resource": Words(
        lazy("The metadata is about another resource"),
        lazy("“resource” must be the URL that is called, or begin it, to the letter (RFC 9728, section 3.3)."),
    ),
    "no_metadata": Words(
        lazy("The provider has no metadata"),
        lazy("Serve /.well-known/oauth-authorization-server (RFC 8414), or give the URLs in the form."),
    ),
    "metadata_issuer": Words(
        lazy("The metadata names another issuer"),
        lazy("“issuer” must be the URL from which the metadata's own URL was made, to the letter (RFC 8414, 3.3)."),
    ),
    "no_endpoints": Words(
        lazy("The metadata lacks an endpoint"),
        lazy("authorization_endpoint and token_endpoint are needed, as whole URLs."),
    ),
    "no_s256": Words(
        lazy("The metadata does not offer PKCE with S256"),
        lazy("MCP clients break off here: add “code_challenge_methods_supported”: [“S256”]."),
    ),
    "registration_shut": Words(
        lazy("A real MCP client would stop here: clients cannot register themselves"),
        lazy("Switch registration on in the provider's settings. This run went on with a test client made for it."),
    ),
    "no_registration": Words(
        lazy("Clients cannot register themselves"),
        lazy("Give a client id in the form, or let the provider offer a registration_endpoint (RFC 7591)."),
    ),
    "register_refused": Words(
        lazy("The registration was refused"),
        lazy("The provider says why above. Give a client id in the form, or switch registration on there."),
    ),
    # The way back
    "no_state": Words(
        lazy("state did not come back"),
        lazy("Send it back unchanged (RFC 6749, 4.1.2). Without it every client refuses, to keep forgers out."),
    ),
    "other_state": Words(
        lazy("state came back changed"),
        lazy("Send back every character. Columns that are too short and decoding twice are the usual causes."),
    ),
    "no_issuer": Words(
        lazy("iss is promised but did not come"),
        lazy("Send iss with codes and with errors (RFC 9207), or take the promise out of the metadata."),
    ),
    "other_issuer": Words(
        lazy("iss is another issuer"),
        lazy("It must equal “issuer” of the metadata to the letter; a slash at the end counts (RFC 9207)."),
    ),
    "parameter_twice_back": Words(
        lazy("A parameter came back twice"), lazy("Each may stand there once (RFC 6749, section 3.1).")
    ),
    "no_code": Words(
        lazy("No code came back"),
        lazy("Answer with code and state in the query, not behind “#”: that is the implicit flow."),
    ),
    "denied": Words(lazy("Access was denied"), lazy("Somebody pressed Cancel. ChatGPT says that sign-in failed.")),
    "authorize_refused": Words(
        lazy("The provider refused the request"), lazy("Its own words say why. Compare the URL with what it expects.")
    ),
    "response_type_refused": Words(
        lazy("The client may not use codes"), lazy("Allow the authorization code flow for this client.")
    ),
    # The token endpoint
    "redirected": Words(
        lazy("The token URL redirects"),
        lazy("Clients send a form there and do not follow. Use the final URL; http to https counts, too."),
    ),
    "page": Words(
        lazy("A page for people answers"),
        lazy("A login page or a bot wall stands in front of the token URL, or the URL is that of a page."),
    ),
    "not_json": Words(
        lazy("The answer is no JSON"),
        lazy("Answer with a JSON object, also for errors (RFC 6749, 5.1). Forms are what older servers send."),
    ),
    "server_error": Words(lazy("The provider failed"), lazy("Look at its log at the time of this leg.")),
    "wants_basic": Words(
        lazy("The server wants the Basic header"),
        lazy("Choose “Basic authorization header” as the token exchange method, there and in ChatGPT."),
    ),
    "wants_post": Words(
        lazy("The server wants id and secret in the form"),
        lazy("Choose “Default (POST request)” as the token exchange method, there and in ChatGPT."),
    ),
    "wants_json": Words(
        lazy("The server wants JSON"),
        lazy("ChatGPT sends forms since GPTs replaced plugins. Let the server read forms (RFC 6749, 4.1.3)."),
    ),
    "wants_form": Words(
        lazy("The server wants a form"),
        lazy("Set authorization_content_type to application/x-www-form-urlencoded, or let the server read JSON."),
    ),
    "client_refused": Words(
        lazy("Client id or secret are refused"),
        lazy("Both ways of sending them were tried. Copy the id again, and issue a new secret."),
    ),
    "pkce_demanded": Words(
        lazy("The provider demands PKCE"),
        lazy("GPT actions send none: make it optional for this client, which has a secret."),
    ),
    "redirect_refused": Words(
        lazy("The redirect URI does not match"),
        lazy("It must be registered to the letter, and be the same in both requests. ChatGPT has two hosts."),
    ),
    "code_refused": Words(
        lazy("The code is refused"),
        lazy("It was used before, is too old, or belongs to another client or redirect URI. Begin a new run."),
    ),
    "refresh_refused": Words(
        lazy("The refresh token is refused"),
        lazy("The user would have to sign in again. Keep refresh tokens longer than access tokens."),
    ),
    "grant_unsupported": Words(
        lazy("The grant type is not supported"), lazy("Support authorization_code and refresh_token.")
    ),
    "grant_forbidden": Words(
        lazy("The client may not do this"), lazy("Allow this client the authorization code flow and refreshing.")
    ),
    "scope_refused": Words(
        lazy("A scope is refused"), lazy("Compare the scopes in the form with those that the client may ask for.")
    ),
    "resource_refused": Words(
        lazy("The resource is refused"), lazy("Allow the API's URL as a resource (RFC 8707), or ignore it.")
    ),
    "token_refused": Words(
        lazy("The token request is refused"), lazy("The provider's own words say why; the request stands above them.")
    ),
    "no_access_token": Words(
        lazy("The answer holds no access_token"), lazy("It must be a member of the object itself, as a text.")
    ),
    "no_token_type": Words(lazy("token_type is missing"), lazy("Add “token_type”: “bearer” (RFC 6749, section 5.1).")),
    "other_token_type": Words(
        lazy("token_type is not bearer"), lazy("Clients send “Authorization: Bearer”, whatever it says.")
    ),
    "no_expires": Words(
        lazy("expires_in is missing"),
        lazy("ChatGPT then never refreshes: a token that dies leaves the GPT stuck. Say how many seconds it lives."),
    ),
    "expires_no_number": Words(
        lazy("expires_in is no whole number"), lazy("Write seconds as a JSON number: 3600, not “3600”.")
    ),
    "no_refresh": Words(
        lazy("No refresh_token came"),
        lazy("When the token expires, the user must sign out and in again. Issue one; some want a scope for it."),
    ),
    "other_kind": Words(
        lazy("The content type is not application/json"), lazy("Some clients then read nothing. Set it to JSON.")
    ),
    "cacheable": Words(
        lazy("The answer may be kept by caches"), lazy("Send “Cache-Control: no-store” (RFC 6749, section 5.1).")
    ),
    "slow": Words(lazy("It took more than 10 seconds"), lazy("Clients give up soon, and ChatGPT after 45 seconds.")),
    "nothing_to_refresh": Words(
        lazy("There is nothing to refresh with"),
        lazy("When the token expires, this user has to sign in again. Let the provider issue refresh tokens."),
    ),
    # The API
    "call_unknown_token": Words(
        lazy("The API does not know the token"),
        lazy("It must accept the provider's tokens as “Authorization: Bearer”. Is it the same installation?"),
    ),
    "call_expired": Words(
        lazy("The token has expired"),
        lazy("A client asks for a fresh one now: press “Refresh, as at expiry”, then call again."),
    ),
    "call_scope": Words(lazy("The token's scopes do not suffice"), lazy("Ask for the scope that the API names.")),
    "call_forbidden": Words(
        lazy("The API forbids the call"),
        lazy("403 does not start a new sign-in. Answer 401 with WWW-Authenticate when the token is the reason."),
    ),
    "call_redirected": Words(lazy("The API redirects"), lazy("The token is not sent along. Use the final URL.")),
    "call_failed": Words(
        lazy("The API answers with an error"), lazy("The token was taken; the answer says what else is wrong.")
    ),
    "call_page": Words(lazy("The API answers with a page"), lazy("Is this its URL? ChatGPT wants JSON.")),
    # Taking it back
    "revoke_refused": Words(
        lazy("The token could not be taken back"),
        lazy("Answer 200 when the token is gone or was never there (RFC 7009, section 2.2)."),
    ),
    "still_good": Words(
        lazy("The token still works after it was taken back"),
        lazy("The API must ask the provider, or let tokens live for minutes only."),
    ),
}


def of(code: str) -> Words | None:
    """The words of a code, None for one that is not the emulator's."""
    return WORDS.get(code)
