"""The options of one curl command (manual of curl 8), those that say something about the call; the others are known
by whether they take a value, so that the words after them are understood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

# Options with a value that says nothing about the API.
_VALUED = """
    --abstract-unix-socket --alt-svc --aws-sigv4 --cacert --capath --cert --cert-type --ciphers --config --connect-to
    --connect-timeout --continue-at --cookie-jar --create-file-mode --crlfile --curves --delegation --dns-interface
    --dns-servers --doh-url --dump-header --ech --egd-file --engine --etag-compare --etag-save --expect100-timeout
    --ftp-account --ftp-method --ftp-port --happy-eyeballs-timeout-ms --haproxy-clientip --hostpubsha256 --hsts
    --interface --ip-tos --ipfs-gateway --keepalive-cnt --keepalive-time --key --key-type --krb --libcurl --limit-rate
    --local-port --login-options --mail-auth --mail-from --mail-rcpt --max-filesize --max-redirs --max-time --netrc-file
    --noproxy --output --output-dir --parallel-max --pass --pinnedpubkey --preproxy --proto --proto-default
    --proto-redir --proxy --proxy-cacert --proxy-cert --proxy-header --proxy-key --proxy-user --pubkey --quote
    --random-file --range --rate --request-target --resolve --retry --retry-delay --retry-max-time --service-name
    --socks4 --socks5 --socks5-hostname --speed-limit --speed-time --stderr --telnet-option --tftp-blksize --time-cond
    --tls-max --tls13-ciphers --trace --trace-ascii --trace-config --unix-socket --variable --vlan-priority
    --write-out -E -K -C -c -D -o -m -w -x -U -r -P -Q -t -y -Y -z
"""
_WITH_VALUE = frozenset(_VALUED.split())
_SHORT = {
    "-X": "--request", "-H": "--header", "-d": "--data", "-F": "--form", "-u": "--user", "-b": "--cookie",
    "-A": "--user-agent", "-e": "--referer", "-G": "--get", "-I": "--head", "-T": "--upload-file",
}  # fmt: skip
_BARE = """
    -k -L -s -S -v -i -f -g -j -J -l -n -N -O -p -q -R -Z -# -0 -1 -2 -3 -4 -6 -a -B -V -M
    --insecure --location --location-trusted --silent --show-error --verbose --include --fail --fail-with-body --globoff
    --compressed --http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 --no-buffer --progress-bar --basic --digest
    --ntlm --negotiate --anyauth --ipv4 --ipv6 --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --ssl --ssl-reqd
    --ssl-no-revoke --no-keepalive --path-as-is --remote-name --remote-name-all --remote-header-name --create-dirs
    --raw --styled-output --no-progress-meter --parallel --netrc --netrc-optional --junk-session-cookies --post301
    --post302 --post303 --tcp-nodelay --tr-encoding --disable --fail-early --retry-all-errors --retry-connrefused
    --proxytunnel --crlf --xattr --list-only --append --no-alpn --no-npn --false-start --tcp-fastopen
    --form-escape --suppress-connect-headers --no-sessionid --ca-native
"""
_FLAGS = frozenset(_BARE.split())


@dataclass(frozen=True, slots=True)
class Data:
    """One piece of a body, or the file that holds it."""

    text: str
    file: bool = False


@dataclass(slots=True)
class Command:
    """What one command says about its call."""

    urls: list[str] = field(default_factory=list)
    method: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[Data] = field(default_factory=list)
    form: list[tuple[str, str | None]] = field(default_factory=list)
    query: list[str] = field(default_factory=list)
    user: bool = False
    bearer: bool = False
    json: bool = False
    as_query: bool = False
    head: bool = False
    unknown: list[str] = field(default_factory=list)


def commands(words: list[str]) -> list[Command]:
    """The words after ``curl``: one command, or several with ``--next`` between them."""
    groups: list[list[str]] = [[]]
    for word in words:
        if word in ("--next", "-:"):
            groups.append([])
        else:
            groups[-1].append(word)
    return [_command(group) for group in groups if group] or [Command()]


def _command(words: list[str]) -> Command:
    out = Command()
    rest = iter(words)
    plain = False
    for word in rest:
        if plain or not word.startswith("-") or word == "-":
            out.urls.append(word)
        elif word == "--":
            plain = True
        elif word.startswith("--"):
            name, equals, given = word.partition("=")
            _take(out, name if equals and name in _TAKES else word, given if equals and name in _TAKES else None, rest)
        else:
            _cluster(out, word, rest)
    return out


def _cluster(out: Command, word: str, rest: Iterator[str]) -> None:
    """Short options, several in one word: ``-sXPOST``. The first one that takes a value takes the rest of the word."""
    letters = word[1:]
    for index, letter in enumerate(letters):
        name = f"-{letter}"
        long = _SHORT.get(name, name)
        if long in _TAKES or long in _WITH_VALUE:
            remaining = letters[index + 1 :]
            _take(out, long, remaining or None, rest)
            return
        _take(out, long, None, rest)


def _take(out: Command, name: str, given: str | None, rest: Iterator[str]) -> None:
    if name in _TAKES:
        _TAKES[name](out, next(rest, "") if given is None else given)
    elif name in _WITH_VALUE:
        if given is None:
            next(rest, "")
    elif name == "--get":
        out.as_query = True
    elif name == "--head":
        out.head = True
    elif name not in _FLAGS and not name.startswith("--no-"):
        out.unknown.append(name)


def _header(out: Command, value: str) -> None:
    name, colon, text = value.partition(":")
    if colon and name.strip() and text.strip():
        out.headers.append((name.strip(), text.strip()))


def _data(out: Command, value: str) -> None:
    out.data.append(Data("", True) if value.startswith("@") else Data(value))


def _raw(out: Command, value: str) -> None:
    out.data.append(Data(value))


def _json(out: Command, value: str) -> None:
    _data(out, value)
    out.json = True


def _urlencoded(out: Command, value: str) -> None:
    """``name=content`` (the content is encoded), ``=content``, ``content``, ``name@file``, ``@file``."""
    name, equals, text = value.partition("=")
    if not equals and "@" in value:
        name = value.partition("@")[0]
        out.data.append(Data(f"{name}=" if name else "", not name))
    elif equals:
        out.data.append(Data(f"{name}={quote(text, safe='')}" if name else quote(text, safe="")))
    else:
        out.data.append(Data(quote(value, safe="")))


def _form(out: Command, value: str) -> None:
    name, equals, text = value.partition("=")
    if equals:
        out.form.append((name, None if text.startswith(("@", "<")) else text.partition(";type=")[0].strip('"')))


def _form_string(out: Command, value: str) -> None:
    name, equals, text = value.partition("=")
    if equals:
        out.form.append((name, text))


def _set(name: str, value: object = None) -> Callable[[Command, str], None]:
    def take(out: Command, given: str) -> None:
        setattr(out, name, given if value is None else value)

    return take


_TAKES: dict[str, Callable[[Command, str], None]] = {
    "--request": _set("method"),
    "--header": _header,
    "--data": _data,
    "--data-ascii": _data,
    "--data-binary": _data,
    "--data-raw": _raw,
    "--data-urlencode": _urlencoded,
    "--json": _json,
    "--form": _form,
    "--form-string": _form_string,
    "--user": _set("user", True),
    "--oauth2-bearer": _set("bearer", True),
    "--cookie": lambda out, _value: out.headers.append(("Cookie", "x")),
    "--user-agent": lambda _out, _value: None,
    "--referer": lambda _out, _value: None,
    "--url": lambda out, value: out.urls.append(value),
    "--url-query": lambda out, value: out.query.append(value),
    "--upload-file": lambda out, _value: _set("method")(out, out.method or "PUT"),
}
