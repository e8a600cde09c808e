"""A reply written out for a channel that shows text alone: what can be chosen, what can be typed, what cannot be seen."""

from dataclasses import replace
from typing import Final

from markupsafe import Markup, escape

from bot.channels.text import plain
from handlers.messages import Reply, Rows
from handlers.wording import Wording

BETWEEN: Final = Markup("\n\n")


def labels_of(rows: Rows) -> list[str]:
    """What the buttons show, in their order."""
    return [choice.label for row in rows for choice in row]


def choices_in_words(reply: Reply, say: Wording) -> list[Markup]:
    """The choices with the numbers to type, then the actions as words to type; without what there is none of."""
    choices, actions = labels_of(reply.choices), labels_of(reply.actions)
    numbered = "\n".join(f"{number}. {label}" for number, label in enumerate(choices, 1))
    words = plain(say("console.actions", actions=" · ".join(actions))) if actions else ""
    return [escape(part) for part in (numbered, words) if part]


def written_out(reply: Reply, say: Wording) -> Reply:
    """`reply` as text alone. A file that cannot be shown is spoken of: never nothing."""
    no_file = [say("channel.text_alone")] if reply.picture or reply.document else []
    parts = [part for part in (reply.text, *no_file, *choices_in_words(reply, say)) if part]
    return replace(
        reply,
        text=BETWEEN.join(parts),
        choices=(),
        actions=(),
        ask_for="",
        picture=None,
        document=None,
    )
