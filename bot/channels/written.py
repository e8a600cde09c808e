"""A reply written out for a channel that shows only text: what can be chosen, what can be typed, what cannot be seen."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from markupsafe import Markup, escape

from bot.channels.text import plain, shorten, units
from handlers.messages import Capabilities, Choice, Reply, Rows, column, letter_of
from handlers.wording import Wording

BETWEEN: Final = Markup("\n\n")
UNASKED: Final = 300


def labels_of(rows: Rows) -> list[str]:
    """Return what the buttons show, in order."""
    return [choice.label for row in rows for choice in row]


def choices_in_words(reply: Reply, say: Wording) -> list[Markup]:
    """Return the choices with the numbers or letters to type, then the actions as words to type; no empty group.

    A choice whose row stands in the text already, as in a ranking of the units that the choices lead to, is not repeated.
    """
    choices, actions = labels_of(reply.choices), labels_of(reply.actions)
    rows = [row_of(number, label, lettered=reply.lettered) for number, label in enumerate(choices, 1)]
    told = plain(reply.text).splitlines()
    marked = "\n".join(row for row in rows if not any(stands_as(row, line) for line in told))
    words = plain(say("console.actions", actions=" · ".join(actions))) if actions else ""
    return [escape(part) for part in (marked, words) if part]


def stands_as(row: str, line: str) -> bool:
    """Whether a line of a text is this row, with or without a figure behind it."""
    return line == row or line.startswith((f"{row}:", f"{row} (", f"{row} –"))


def row_of(number: int, label: str, *, lettered: bool) -> str:
    """Return a choice behind its number or letter; a label that begins with this very number needs no other."""
    if lettered:
        return f"{letter_of(number)}. {label}"
    return label if label.startswith(f"{number}. ") else f"{number}. {label}"


def rendered(reply: Reply, can: Capabilities, say: Wording, *, answers: bool) -> Reply:
    """Return `reply` as a channel shows it: what it has no buttons for is written out.

    An unasked message (no `answers`) offers nothing by number there: a number belongs to what was asked last.
    """
    if not answers and not can.buttons:
        reply = reply.in_words()
    if can.taps:
        reply = with_taps(reply, say, can.taps)
    return written_out(reply, say, brief=can.brief and not answers) if can.text_alone else reply


def with_taps(reply: Reply, say: Wording, taps: int) -> Reply:
    """Return `reply` with at most `taps` buttons; the others are written beneath it, with what to type."""
    choices, actions = labels_of(reply.choices), labels_of(reply.actions)
    if len(choices) + len(actions) <= taps:
        return reply
    actions_fit = len(actions) <= taps
    listed = choices_in_words(replace(reply, actions=() if actions_fit else reply.actions), say)
    text = BETWEEN.join(part for part in (reply.text, *listed) if part)
    return replace(reply, text=text, choices=(), actions=reply.actions if actions_fit else ())


def shortened(reply: Reply, say: Wording) -> Reply:
    """Return an unasked message where each letter costs: as much of it as two parts of an SMS hold, with what may be typed.

    Its first buttons stay, as many as take up to a third of it: it may ask for an answer.
    """
    kept = list[Choice]()
    for row in (*reply.choices, *reply.actions):
        if units(words_to_type([*kept, *row], say)) > UNASKED // 3:
            break
        kept += row
    room = UNASKED - units(words_to_type(kept, say)) if kept else UNASKED
    return replace(
        reply, text=escape(shortened_to_line(plain(reply.text), room)), choices=column(*kept), actions=()
    )


def words_to_type(some: Iterable[Choice], say: Wording) -> str:
    """Return the line that says what may be typed."""
    return plain(say("console.actions", actions=" · ".join(choice.label for choice in some)))


def shortened_to_line(text: str, limit: int) -> str:
    """Return `text` cut to `limit`, after a whole line if half of it or more is left; else in the middle."""
    short = shorten(text, limit)
    line = short.rfind("\n")
    return f"{short[:line].rstrip()}\n…" if short != text and line > limit // 2 else short


def without_presses(text: Markup, say: Wording) -> Markup:
    """Return a text with what it says to press as something to send: nothing can be pressed."""
    words = str(text)
    for pair in str(say("channel.presses")).split("|"):
        pressed, sent = pair.split("=")
        words = words.replace(pressed, sent)
    return Markup(words)  # noqa: S704 - it was markup before, and so is what stands in the catalogue


def lacks_file(reply: Reply, *, brief: bool) -> bool:
    """Whether text alone leaves out a file that its own words do not stand for."""
    told = reply.text and (brief or (reply.picture and "\n" in reply.text))
    return bool((reply.picture or reply.document) and not told)


def written_out(reply: Reply, say: Wording, *, brief: bool = False) -> Reply:
    """Return `reply` as text alone. A file that cannot be shown is mentioned; if `brief`, only if the reply has no words.

    A picture below several lines needs no mention: they say what it shows.
    """
    no_file = [say("channel.text_alone")] if lacks_file(reply, brief=brief) else []
    parts = filter(None, (without_presses(reply.text, say), *no_file, *choices_in_words(reply, say)))
    return replace(
        reply,
        text=BETWEEN.join(parts),
        choices=(),
        actions=(),
        ask_for="",
        picture=None,
        document=None,
    )
