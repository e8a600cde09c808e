"""Several pictures sent at once: each comes as a message of its own, and all carry one mark.

They are answered once. If one picture is asked for, the first is kept, and the answer says so. In an emergency each is
kept and passed on, and nothing is said twice. Pictures sent one after the other carry no mark; what was said to one is
not repeated to the next.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zlib import crc32

from handlers.messages import MessageKind, Reply, clip
from handlers.turn import Turn
from storage.kept import Album

SHOWN: Final = 40
"""How many letters of a picture's caption are repeated."""


IN_A_ROW: Final = timedelta(seconds=10)
"""Pictures no further apart than this count as sent one after the other."""
SLOT: Final = "album"
"""The slot of an answer to an album that fills no other slot."""
NONE: Final = Album("", at=datetime.min.replace(tzinfo=UTC))
"""No album yet."""


def known_as(turn: Turn) -> Album:
    """Return the album that was answered last in this chat."""
    return turn.screen.album or NONE


def is_known(turn: Turn) -> bool:
    """Whether this message belongs to an album that was already answered."""
    album = turn.incoming.album
    return bool(album) and known_as(turn).mark == album


def in_a_row(turn: Turn) -> bool:
    """Whether this picture directly followed another one, neither of them in an album."""
    before, incoming = turn.screen.album, turn.incoming
    if incoming.kind is not MessageKind.PHOTO or incoming.album or before is None or before.mark:
        return False
    return before.at is not None and turn.came_at - before.at <= IN_A_ROW


def brings_words(turn: Turn) -> bool:
    """Whether this brings an album's first words, under a later picture, and no picture of it was kept."""
    before = known_as(turn)
    return bool(turn.incoming.text) and not (before.words or before.kept)


def answered(turn: Turn) -> None:
    """Remember what was said to this message, if it is one of several pictures."""
    incoming = turn.incoming
    if incoming.kind is not MessageKind.PHOTO and not incoming.album:
        forget_row(turn)
        return
    goes_on = is_known(turn) or in_a_row(turn)
    before = known_as(turn) if goes_on else NONE
    if incoming.album and not goes_on:
        findable(turn)
    # Include what was said to earlier pictures, so that the third one repeats neither.
    said = {*before.said, *map(mark_of, turn.own_replies)}
    words, kept = before.words or bool(incoming.text), before.kept or turn.keeps_photo
    turn.remember(album=Album(incoming.album, words, tuple(sorted(said)), kept, turn.came_at))


def forget_row(turn: Turn) -> None:
    """Forget the row, since something else came: the next picture is a first one. Those of an album may still come."""
    if turn.screen.album is not None and not turn.screen.album.mark:
        turn.remember(album=None)


def findable(turn: Turn) -> None:
    """Let the last reply be found again, in case words come under a later picture."""
    if turn.replies and turn.replies[-1][0] == turn.contact.id:
        to, reply = turn.replies[-1]
        turn.replies[-1] = to, replace(reply, slot=reply.slot or SLOT)


def in_place(turn: Turn) -> None:
    """Put the last reply in the place of the answer to the first picture."""
    if turn.replies and turn.replies[-1][0] == turn.contact.id:
        to, reply = turn.replies[-1]
        slot = reply.slot or SLOT
        turn.replies[-1] = to, replace(reply, slot=slot, edits_slot=slot, anew=True)


def not_twice(turn: Turn) -> None:
    """Remove what the sender was already told about this album; what others are told stays."""
    said = known_as(turn).said
    turn.replies = [
        (to, reply) for to, reply in turn.replies if to != turn.contact.id or mark_of(reply) not in said
    ]


def words_alone(turn: Turn) -> None:
    """Repeat what stands under a later picture, if nothing stood under the first."""
    if turn.incoming.text and not known_as(turn).words:
        turn.reply(turn.say("menu.words_under", text=clip(turn.incoming.text, SHOWN)))


def mark_of(reply: Reply) -> int:
    # Four bytes instead of the sentence, which is kept with the chat and may hold figures.
    return crc32(str(reply.text).encode())
