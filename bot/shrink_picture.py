"""Turns a picture that somebody sent into a small JPEG with nothing but its pixels, in a process of its own.

A few kilobytes may unfold into gigabytes of pixels, and format decoders have faults. So `bot.received_pictures` starts
this file for each picture: its size is read from its header before any pixel, the system limits its memory and time,
and whatever it does ends this process and never the bot. It imports nothing of ours.

The picture comes on standard input, and the JPEG goes to standard output; otherwise the exit code says why not. What a
camera wrote into it (place, time, device, comment, small previews) is left behind; the way it was held is applied to
the pixels.
"""

import os
import resource
import sys
from contextlib import suppress
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

MEMORY: Final = 320 * 1024 * 1024
"""Bytes of address space, a tenth of it for the libraries: what a machine of 512 MB can spare beside the bot."""
SECONDS: Final = 20
"""Of processor time."""
FORMATS: Final = ("JPEG", "PNG", "WEBP")
JPEG_PIXELS: Final = 200_000_000
"""As many as the largest phone cameras take. A JPEG is decoded at an eighth of its size if that is enough."""
OTHER_PIXELS: Final = 20_000_000
"""Other formats are decoded whole, at four bytes a pixel. No screen has as many."""
LONGEST: Final = 2048
"""Pixels of the longer side that is kept: enough to read a page of paper."""
QUALITY: Final = 85
NOT_PICTURE: Final = 3
TOO_MANY_PIXELS: Final = 4


class TooManyPixels(Exception):
    """The picture has more pixels than are decoded."""


def limit_this_process() -> None:
    """Have the system refuse further memory and stop a decoder that does not end; give answers priority."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    os.nice(10)


def shrunk(content: bytes) -> bytes:
    """Return the JPEG. Raises TooManyPixels, MemoryError, and whatever Pillow raises for what is not a whole picture."""
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        check_size(picture)
        small = flat(upright(decoded(picture)))
    out = BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def check_size(picture: Image.Image) -> None:
    """Check the size by the header alone. A camera's JPEG may hold further pictures, and is then called MPO."""
    most = JPEG_PIXELS if picture.format in ("JPEG", "MPO") else OTHER_PIXELS
    if picture.width * picture.height > most:
        raise TooManyPixels


def decoded(picture: Image.Image) -> Image.Image:
    """Return `reduced`; any error that keeps a large picture from being decoded is taken for its size, since decoders
    do not say."""
    pixels = picture.width * picture.height
    try:
        return reduced(picture)
    except OSError:
        if pixels > OTHER_PIXELS:
            raise TooManyPixels from None
        raise


def reduced(picture: Image.Image) -> Image.Image:
    """The pixels, at most `LONGEST` a side."""
    share = min(1.0, LONGEST / max(picture.size))
    wanted = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    picture.draft("RGB", wanted)
    colours = in_colours(picture)
    return colours.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)


def in_colours(picture: Image.Image) -> Image.Image:
    """Return palettes, black and white, print colours and sixteen bits a pixel as screens show them."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in ("L", "RGB", "RGBA"):
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def upright(picture: Image.Image) -> Image.Image:
    """Return it turned as the camera was held, if that can be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        return picture


def flat(picture: Image.Image) -> Image.Image:
    """Return it on white paper, as a new picture without its history."""
    clean = Image.new("RGB", picture.size, "white")
    seen = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    clean.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    return clean


def main() -> int:
    """Return the exit code."""
    limit_this_process()
    Image.MAX_IMAGE_PIXELS = None  # the bounds above are ours
    try:
        small = shrunk(sys.stdin.buffer.read())
    except (TooManyPixels, MemoryError):
        return TOO_MANY_PIXELS
    except Exception:
        return NOT_PICTURE
    sys.stdout.buffer.write(small)
    return 0


if __name__ == "__main__":
    sys.exit(main())
