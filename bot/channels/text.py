"""Long texts made to fit a platform: measured as platforms measure, cut between lines, with markup kept whole."""

import html
import re
from itertools import pairwise

from markupsafe import Markup

TAG = re.compile(r"</?[a-z][a-z-]*(?: [^<>]*)?>")
"""Any tag: other signs of the kind are escaped."""
PIECE = re.compile(r"</?[a-z][a-z-]*(?: [^<>]*)?>|&[#a-z0-9]+;|\n|[^\S\n]+|[^<&\s]+|[<&]", re.IGNORECASE)
"""A tag, an escaped sign, a line's end, spaces, a word."""


def plain(text: Markup) -> str:
    """`text` without its markup, as a person sees it."""
    return html.unescape(TAG.sub("", text))


def units(text: str) -> int:
    """The length of `text` in UTF-16 units."""
    return len(text) + sum(1 for letter in text if letter > "\uffff")


def fits(text: Markup, limit: int) -> bool:
    """Whether a person sees at most `limit` UTF-16 units."""
    return len(text) * 2 <= limit or units(plain(text)) <= limit


def split(text: Markup, limit: int) -> list[Markup]:
    """Return `text` in parts of at most `limit` UTF-16 units each, cut at line ends if possible, else at spaces.

    Bold and italic go on in the next part. No part is blank; the spaces at a cut are dropped.
    """
    if fits(text, limit):
        return [text]
    pieces = [part for piece in PIECE.findall(text) for part in chop(piece, limit)]
    parts: list[Markup] = []
    start, open_tags = 0, ""
    while start < len(pieces):
        end = cut(pieces, start, limit)
        body = "".join(pieces[start:end])
        now_open = open_after(open_tags + body)
        part = open_tags + body.strip() + closing(now_open)
        if plain(Markup(part)).strip():  # noqa: S704 - a piece of markup that was escaped before
            parts.append(Markup(part))  # noqa: S704
        start, open_tags = end, now_open
    return parts


def chop(piece: str, limit: int) -> list[str]:
    """Return a word that is longer than a whole message in pieces; anything else as it is."""
    if piece[0] in "<&" or units(piece) <= limit:
        return [piece]
    edges = [*range(0, len(piece), limit // 2), len(piece)]
    return [piece[start:end] for start, end in pairwise(edges)]


def cut(pieces: list[str], start: int, limit: int) -> int:
    """Return where the part that begins at `start` ends: as late as it fits, preferably after a line or a space."""
    room, at = limit, start
    line = space = 0
    while at < len(pieces):
        room -= units(plain(Markup(pieces[at])))  # noqa: S704 - only measured
        if room < 0:
            return line or space or at
        at += 1
        if pieces[at - 1] == "\n":
            line = at
        elif pieces[at - 1].isspace():
            space = at
    return at


def open_after(text: str) -> str:
    """Return the tags of `text` that are still open at its end, in order."""
    stack: list[str] = []
    for tag in TAG.findall(text):
        if tag.startswith("</"):
            if stack:
                stack.pop()
        else:
            stack.append(tag)
    return "".join(stack)


def closing(tags: str) -> str:
    return "".join(f"</{tag[1:-1].split()[0]}>" for tag in reversed(TAG.findall(tags)))


def shorten(text: str, limit: int) -> str:
    """Return `text` cut to `limit` UTF-16 units, ending in … if something was cut."""
    if units(text) <= limit:
        return text
    kept, room = [], limit - 1
    for letter in text:
        room -= units(letter)
        if room < 0:
            break
        kept.append(letter)
    return "".join(kept).rstrip() + "…"
