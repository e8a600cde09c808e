"""Several pictures sent at once: each comes as a message of its own, and all carry one mark.

They are answered once. Where one picture is asked for, the first is kept and the answer says so; in an emergency each
is kept and passed on, and nothing is said twice.
"""

from typing import Final
from zlib import crc32

from handlers.messages import Reply, clip
from handlers.turn import Turn
from storage.kept import Album

SHOWN: Final = 40
"""How many letters of a picture's caption are repeated."""


NONE: Final = Album("")
"""Before any: a mark that no platform gives."""


def known_as(turn: Turn) -> Album:
    """The album that was answered last in this chat."""
    return turn.screen.album or NONE


def is_known(turn: Turn) -> bool:
    """Whether this message belongs to an album of which a message was answered before."""
    album = turn.incoming.album
    return bool(album) and known_as(turn).mark == album


def answered(turn: Turn) -> None:
    """Remember what was said to this message, if it is one of an album."""
    if not turn.incoming.album:
        return
    before = known_as(turn) if is_known(turn) else NONE
    # With what was said to earlier pictures too: the third repeats neither.
    said = {*before.said, *(mark_of(reply) for to, reply in turn.replies if to == turn.contact.id)}
    words = before.words or bool(turn.incoming.text)
    turn.remember(album=Album(turn.incoming.album, words, tuple(sorted(said))))


def not_twice(turn: Turn) -> None:
    """Take back what the sender was told about this album before; what others are told stands."""
    said = known_as(turn).said
    turn.replies = [
        (to, reply) for to, reply in turn.replies if to != turn.contact.id or mark_of(reply) not in said
    ]


def words_alone(turn: Turn) -> None:
    """Say back what stands under a later picture, if nothing stood under the first."""
    if turn.incoming.text and not known_as(turn).words:
        turn.reply(turn.say("menu.words_under", text=clip(turn.incoming.text, SHOWN)))


def mark_of(reply: Reply) -> int:
    # Four bytes instead of the sentence, which is kept with the chat and may hold figures.
    return crc32(str(reply.text).encode())
