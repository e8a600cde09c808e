"""Puts together what waits for one chat, on a channel where each message may cost or waits until it does not.

The letters keep their rows in the outbox: they are sent in one call and have one outcome. If the process dies in
between, they go together again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from markupsafe import Markup

from bot.channel_queue import HeldMessage
from bot.channels.text import fits
from handlers.buttons import choice
from handlers.messages import Capabilities, Reply, Rows
from handlers.navigation import Command
from handlers.wording import Wording
from storage.priorities import ASKED_FOR

BETWEEN: Final = Markup("\n\n———\n\n")
PROGRESS: Final = "t:"
"""How the data of buttons begin that show how one place stands (`handlers.navigation.ShowProgress`)."""


def others(messages: Sequence[HeldMessage], can: Capabilities) -> list[HeldMessage]:
    """Return those of a chat's messages that may go with the first of them, in their order."""
    first = messages[0]
    if not (can.gathers and may_go_with_others(first)):
        return []
    chosen: list[HeldMessage] = []
    text = reply_of(first).text
    for message in messages[1:]:
        longer = text + BETWEEN + reply_of(message).text
        # A message taken before the first one is no longer certainly ours.
        if not may_go_with_others(message) or message.since < first.since or not fits(longer, can.max_text):
            break
        chosen.append(message)
        text = longer
    return chosen


def may_go_with_others(message: HeldMessage) -> bool:
    """Whether it is a letter in words alone, of which nothing was sent yet and which replaces no other message."""
    reply = reply_of(message)
    alone = (
        reply.picture,
        reply.document,
        reply.edits,
        reply.edits_slot,
        reply.slot,
        reply.ask_for,
        reply.about,
    )
    return message.due.priority > ASKED_FOR and not message.parts_sent and not any(alone)


def gathered(message: HeldMessage) -> Reply:
    """Return what a message says together with those that go with it; buttons that several of them have appear once.

    Where buttons of the same label do different things, the messages and these buttons are numbered.
    """
    replies = [reply_of(one) for one in (message, *message.others)]
    if not message.others:
        return replies[0]
    shared = labels_shared(replies)
    if shared:
        replies = [numbered(reply, number, shared) for number, reply in enumerate(replies, 1)]
    text = BETWEEN.join(reply.text for reply in replies)
    return replace(replies[0], text=text, choices=(), actions=buttons_of(replies))


def labels_shared(replies: Iterable[Reply]) -> set[str]:
    """Return the labels that stand on buttons which do different things."""
    meant: dict[str, set[str]] = {}
    for reply in replies:
        for button in chain.from_iterable((*reply.choices, *reply.actions)):
            meant.setdefault(button.label, set()).add(button.data)
    return {label for label, data in meant.items() if len(data) > 1}


def numbered(reply: Reply, number: int, shared: Collection[str]) -> Reply:
    """Return a reply with a number before it, and behind those of its buttons whose labels are `shared`."""

    def marked(rows: Rows) -> Rows:
        return tuple(
            tuple(
                button._replace(label=f"{button.label} ({number})") if button.label in shared else button
                for button in row
            )
            for row in rows
        )

    text = Markup("({number}) ").format(number=number) + reply.text
    return replace(reply, text=text, choices=marked(reply.choices), actions=marked(reply.actions))


def buttons_of(replies: Iterable[Reply]) -> Rows:
    """Return the buttons of some replies, one below the other, each once."""
    rows = chain.from_iterable((*reply.choices, *reply.actions) for reply in replies)
    by_data = {choice.data: choice for row in rows for choice in row}
    return tuple((choice,) for choice in by_data.values())


def with_way_in(reply: Reply, say: Wording, taps: int) -> Reply:
    """Return a letter with a button that invites a press: each press opens the time in which messages cost nothing."""
    look = choice(say("window.button.look"), Command("tinhhinh"))
    shown = {button.data for row in (*reply.choices, *reply.actions) for button in row}
    if len(shown) >= taps or any(data.startswith((look.data, PROGRESS)) for data in shown):
        return reply
    return replace(reply, actions=(*reply.actions, (look,)))


def reply_of(message: HeldMessage) -> Reply:
    return Reply.from_json(message.due.body)
