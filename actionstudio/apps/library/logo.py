"""Logos: checked, turned upright, fitted into 512 x 512 and written anew as PNG, so that nothing hidden survives."""

import io

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from actionstudio.core.problem import Problem, Refused

LARGEST = 5 * 1024 * 1024
PIXELS = 40_000_000
SIDE = 512
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def checked(data: bytes) -> bytes:
    """The image as a clean PNG. Raises Refused with the reason."""
    if len(data) > LARGEST:
        raise _refused(_("The image is larger than 5 MB. Choose a smaller one."))
    if _is_svg(data):
        raise _refused(_("SVG images can carry scripts, and ChatGPT does not show them. Save it as PNG first."))
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > PIXELS:
                raise Image.DecompressionBombError
            image.draft("RGB", (SIDE, SIDE))
            fitted = ImageOps.exif_transpose(image).convert("RGBA")
            fitted.thumbnail((SIDE, SIDE))
    except Image.DecompressionBombError as error:
        raise _refused(_("The image has more than 40 million pixels. Make it smaller first.")) from error
    except UnidentifiedImageError as error:
        raise _refused(_("This is not an image we can read. Use PNG, JPEG, WebP or GIF.")) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise _refused(_("The image is damaged. Save it again and retry.")) from error
    out = io.BytesIO()
    fitted.save(out, "PNG", optimize=True)
    return out.getvalue()


def _is_svg(data: bytes) -> bool:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in head


def _refused(message: str) -> Refused:
    return Refused(Problem("/logo", message, "logo"))
