"""Hides known secrets in texts of others, however they are spelt there; who keeps a text hides first and cuts after.

A provider may say a secret back as it came, or as its language writes it: percent-encoded (RFC 3986, section 2.1; also
twice), JSON-escaped (RFC 8259, section 7, where PHP writes ``/`` as ``\\/``), HTML-escaped, or inside the base64 of a
Basic header (RFC 7617) or of another text.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

from actionstudio.apps.traffic import redaction

SHORTEST = 8  # shorter texts are too common to be replaced wherever they stand
_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_LETTER = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)
_BASE64 = r"(?:[A-Za-z0-9+/=_-]|\\/|%2[bf]|%3d)*"


def hidden(text: str, secrets: Collection[str]) -> str:
    """The text with every one of the secrets masked. Those that hold another one go first."""
    for secret in sorted({one for one in secrets if len(one) >= SHORTEST}, key=len, reverse=True):
        text = _spelt(secret).sub(redaction.masked(secret), text)
    return text


def kept(text: str, secrets: Collection[str], most: int) -> str:
    """What is kept of a text: masked whole, then cut. A secret at the edge would otherwise stay in part."""
    return hidden(text, secrets)[:most]


@lru_cache(256)
def _spelt(secret: str) -> re.Pattern[str]:
    """Finds a secret in all its spellings, of each sign for itself: no two writers escape the same ones."""
    encoded = "|".join(_sign_by_sign(part) + _BASE64 for part in _parts(secret))
    return re.compile(f"{_sign_by_sign(secret)}|{encoded}")


def _parts(secret: str) -> Iterator[str]:
    """What stands of a secret in the base64 of a text that holds it: it depends on the place where it begins, and each
    secret of Basic may be form-encoded before (RFC 6749, section 2.3.1)."""
    for text in dict.fromkeys((secret, quote(secret, safe=""), quote_plus(secret))):
        data = text.encode("utf-8", "surrogatepass")
        for place in range(3):
            whole = base64.b64encode(b"\0" * place + data).decode().rstrip("=")
            yield whole[(0, 2, 3)[place] : len(whole) - bool((place + len(data)) % 3)]


def _sign_by_sign(text: str) -> str:
    return "".join(part if part.isalnum() and part.isascii() else _sign(part) for part in _LETTER.findall(text))


def _sign(sign: str) -> str:
    data, units = sign.encode("utf-8", "surrogatepass"), sign.encode("utf-16-be", "surrogatepass")
    pairs = [units[at : at + 2].hex() for at in range(0, len(units), 2)]
    ways = [
        rf"\\*{re.escape(sign)}",
        "".join(f"%(?:25)*(?i:{byte:02x})" for byte in data),
        "".join(rf"\\+u(?i:{pair})" for pair in pairs),
        f"&#(?:0*{ord(sign)}|[xX]0*(?i:{ord(sign):x}));",
    ]
    if sign in _NAMED:
        ways.append(f"&{_NAMED[sign]};")
    if sign == " ":
        ways.append(r"\+")
    if sign in "+/":
        ways.append("-" if sign == "+" else "_")  # the alphabet of URLs (RFC 4648, section 5)
    return f"(?:{'|'.join(ways)})"
