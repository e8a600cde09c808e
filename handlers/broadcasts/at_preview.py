"""What an officer types where an announcement is shown before it goes: words that send it, as its button does, or others.

Whoever typed something there may believe that it has gone. So any other words are told that it has not, with its buttons.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup

from handlers import menu
from handlers.broadcasts import announcing, mended_until, taking_back, until
from handlers.broadcasts.announced import SHOWN, SendMended, label_of
from handlers.broadcasts.audiences import own_unit
from handlers.buttons import Presses, choice
from handlers.messages import Choice, Reply, Rows, clip, column
from handlers.navigation import ShowAnnouncement
from handlers.turn import Turn
from questionnaires.answers.deadline import begins_as_one
from questionnaires.answers.phrases import Words
from questionnaires.answers.text import clean, has_letters
from questionnaires.answers.tokens import tokens_of, walk
from storage import announcements
from storage.tables import Announcement, AnnouncementState, Place

SAID: Final = Words.read(Path(__file__).parents[1] / "words" / "gui-tin.toml")
SEND: Final = SAID.flags("send")
"""What sends it."""
AROUND: Final = SAID.flags("around")
"""What may stand around that."""
SILENT: Final = frozenset(",.;:!\n\"'")
OF_PREVIEWS: Final = Presses.of(announcing.pressed, taking_back.pressed)


@dataclass(frozen=True, slots=True)
class Preview:
    """An announcement that is shown and has not gone; or, if `mended`, new words for one that has."""

    row: Announcement
    place: Place
    mended: bool

    @property
    def has_deadline(self) -> bool:
        """Whether a deadline may be typed for it: it sends out a questionnaire, and has not gone."""
        return bool(self.row.form_name) and not self.mended

    @property
    def unsent_states(self) -> tuple[AnnouncementState, ...]:
        """The states in which what is shown can still go."""
        return announcing.GONE if self.mended else (AnnouncementState.DRAFT,)

    def needs_two(self) -> bool:
        """Whether a second officer has to agree."""
        return mended_until.needs_two(self.row) if self.mended else self.row.total > announcements.ALONE

    def words(self, turn: Turn) -> str:
        """The words that have not gone."""
        new = turn.screen.announce_edit
        return new.text if self.mended and new is not None else self.row.text

    def ways(self, turn: Turn) -> Rows:
        """What may be done with it."""
        ways = taking_back.ways_of_mended if self.mended else announcing.ways_of_draft
        return ways(turn, self.row)


def sends(text: str) -> bool:
    """Whether the whole of `text` says to send it."""
    if not has_letters(text):
        return False  # as most answers
    tokens = tokens_of(clean(text))
    pieces = walk(tokens, SEND, AROUND)
    nothing_else = all(phrase or tokens[place].text in SILENT for place, phrase in pieces)
    return nothing_else and SEND.stands_in(tokens)


async def shown(turn: Turn) -> Preview | None:
    """Return what the last message of this chat shows and offers to send; None if it shows no such thing."""
    pressed = [OF_PREVIEWS.read(button.data) for button in turn.screen.buttons]
    button = next((one for one in pressed if isinstance(one, announcing.SendAnnouncement | SendMended)), None)
    row = await turn.session.get(Announcement, button.announcement) if button else None
    place = await own_unit(turn, row.place_id) if row else None
    if row is None or place is None:
        return None
    preview = Preview(row, place, isinstance(button, SendMended))
    return preview if is_unsent(turn, preview) else None


def is_unsent(turn: Turn, preview: Preview) -> bool:
    """Whether what was shown can still go."""
    new = turn.screen.announce_edit
    kept = not preview.mended or (new is not None and new.id == preview.row.id)
    return kept and preview.row.state in preview.unsent_states


async def send(turn: Turn, preview: Preview) -> None:
    """Send what was shown. What needs a second officer, or has a deadline in doubt, wants the press of the button."""
    doubts = [] if preview.mended else until.not_taken(turn, preview.row)
    if doubts or preview.needs_two():
        say_unsent(turn, preview, *doubts)
    elif preview.mended:
        await taking_back.mend(turn, preview.row, preview.place)
    else:
        turn.expect(None)
        await announcing.send_or_wait(turn, preview.row, preview.place)


def say_unsent(turn: Turn, preview: Preview, *more: Markup) -> None:
    """Say that it has not gone, with its buttons."""
    key = "mend" if preview.mended else "send"
    label = turn.say(f"announce.button.{key}")
    said = turn.say("announce.not_sent", text=clip(preview.words(turn), SHOWN), button=label)
    turn.reply(Markup("\n\n").join((said, *more)), choices=preview.ways(turn))


def say_unsent_to_others(turn: Turn, preview: Preview) -> None:
    """The same to words that are nothing else; for a questionnaire, also how its deadline may be typed."""
    say_unsent(turn, preview, *(until.told_under(turn, preview.row) if preview.has_deadline else ()))


def may_be_deadline(turn: Turn, preview: Preview) -> bool:
    """Whether what was typed begins like the deadline of the questionnaire that is shown."""
    return preview.has_deadline and begins_as_one(turn.incoming.text)


def remind(turn: Turn, preview: Preview) -> None:
    """Add to the last reply, which was about something else, that what was shown before has not gone."""
    mine = turn.own_replies
    if not mine or not is_unsent(turn, preview) or any(leads_to(reply, preview) for reply in mine):
        return
    said = turn.say("announce.not_sent_yet", text=clip(preview.words(turn), SHOWN))
    turn.add_below(said, actions=column(way_to(turn, preview)))


def way_to(turn: Turn, preview: Preview) -> Choice:
    """Return the button that shows it again."""
    if preview.mended:
        return menu.named(turn.view, "announce.button.look", ShowAnnouncement(preview.row.id))
    return choice(label_of(turn, preview.row), ShowAnnouncement(preview.row.id))


def leads_to(reply: Reply, preview: Preview) -> bool:
    """Whether a reply has a button that shows or sends it already."""
    row = preview.row.id
    ways = {str(way(row)) for way in (ShowAnnouncement, announcing.SendAnnouncement, SendMended)}
    return any(button.data in ways for line in (*reply.choices, *reply.actions) for button in line)
