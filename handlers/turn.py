"""One message being handled: who sent it, what is known, and the replies so far.

A handler gets a `Turn`, reads and writes through its session, and adds replies. Nothing leaves before the
transaction that holds the turn is committed; if a handler fails, nothing of the turn remains. A handler must
therefore do nothing outside the session.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

from markupsafe import Markup

from handlers.library import Library
from handlers.messages import Capabilities, Document, Incoming, MessageKind, Picture, Reply, Rows
from handlers.viewer import Viewer, is_officer
from handlers.wording import Wording, locale_for, wording
from storage.kept import Screen, Wanted
from storage.session import Session
from storage.tables import Contact, InterviewRow, Person, Role


class Stray(StrEnum):
    """Why a message can answer nothing of what is open in its chat."""

    LATE = "late"
    """It was sent earlier than one that was handled."""
    RESTORED = "restored"
    """It was sent while the chat showed more than the database, which was restored, knows."""
    REPLY = "reply"
    """It replies to something else."""
    UNKNOWN = "unknown"
    """Its button stands under a message that the database does not know."""


@dataclass
class Turn:
    """Lives for one message. `now` is when it was sent, `came_at` when it came; both aware, in the configured zone."""

    incoming: Incoming
    session: Session
    contact: Contact
    person: Person | None
    roles: list[Role]
    now: datetime
    can: Capabilities
    library: Library
    interview: InterviewRow | None = None
    """The interview that this chat was in when the message was admitted."""
    stray: Stray | None = None
    early: bool = False
    """Whether it was written before the chat is known to have shown the open question (`bot.early`)."""
    unread: bool = False
    """Whether it was also written before the chat showed what is to be confirmed there."""
    chose_before: timedelta | None = None
    """If it is the very number that chose the screen shown now: how long after that it came."""
    after_words: bool = False
    """Whether somebody's words, about another figure or to many, came to the chat after the open question."""
    written_before: bool = False
    """Whether its words were written before, and what came since is a button that says what they are not for."""
    keeps_photo: bool = False
    """Whether the photo that was sent is taken for what was asked."""
    shows_anew: bool = False
    """Whether its interview now shows something else that can be confirmed."""
    came_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    replies: list[tuple[int, Reply]] = field(default_factory=list)
    """(contact id, reply), in the order of sending; most go to the turn's own contact."""
    urgent: bool = False
    """Whether it is about an emergency: replies to the turn's own contact then wait for no pace and no allowance."""
    beside: bool = False
    """Whether it was answered as something beside the emergency that the chat tells, answers or asks about."""
    screen_read: tuple[dict[str, Any], Screen] | None = None
    """The screen as it was last read, with what it was read from."""

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def zone(self) -> ZoneInfo:
        return self.library.zone

    @property
    def quiet_until(self) -> datetime | None:
        """Return when unasked messages may be sent, if not now."""
        return self.view.quiet_until

    @property
    def locale(self) -> str:
        """The language of this chat: chosen, else the platform's, else Vietnamese."""
        return locale_for(self.contact.locale, self.incoming.locale)

    @property
    def view(self) -> Viewer:
        """What this person may see now, and the words they are told it in."""
        # Made anew each time: a handler may change the roles or the language while it answers.
        return Viewer(self.session, self.library, tuple(self.roles), self.now, self.locale)

    @property
    def say(self) -> Wording:
        return wording(self.locale, is_officer(self.roles))

    @property
    def screen(self) -> Screen:
        """What this chat shows and expects; it changes through `remember`."""
        # It is looked at a dozen times while a message is routed; what is kept with the chat is replaced, never changed.
        kept = self.contact.screen
        if self.screen_read is None or self.screen_read[0] is not kept:
            self.screen_read = kept, Screen.read(kept)
        return self.screen_read[1]

    def remember(self, **facts: Any) -> None:
        """Keep `facts`, which are fields of `Screen`, with the chat until they are replaced."""
        screen = replace(self.screen, **facts)
        self.contact.screen = screen.to_json()
        self.screen_read = self.contact.screen, screen

    def expect(self, wanted: Wanted | None) -> None:
        """Say what the next free text is for (None: nothing); `handlers.tables.DIALOGUES` says who takes it."""
        self.remember(expects=wanted)

    def hear(self, words: str) -> None:
        """Take `words` that were written before for the message itself, instead of what came."""
        self.incoming = replace(self.incoming, kind=MessageKind.TEXT, text=words, press="", photo=None)
        self.written_before = True

    def reply(
        self,
        text: Markup,
        *,
        choices: Rows = (),
        actions: Rows = (),
        ask_for: Literal["", "contact", "location"] = "",
        picture: Picture | None = None,
        document: Document | None = None,
        edits: str = "",
        slot: str = "",
        edits_slot: str = "",
        notice: str = "",
        about: str = "",
        to: int | None = None,
    ) -> None:
        """Add a message for this chat (or for the contact `to`). The fields are those of `Reply`."""
        reply = Reply(
            text,
            choices,
            actions,
            ask_for,
            picture,
            document,
            edits,
            slot,
            edits_slot,
            notice,
            about=about,
        )
        self.replies.append((to if to is not None else self.contact.id, reply))

    @property
    def own_replies(self) -> list[Reply]:
        """What this chat is told so far."""
        return [reply for to, reply in self.replies if to == self.contact.id]

    def add_below(self, *said: Markup, actions: Rows = ()) -> None:
        """Add paragraphs and buttons to the last message for this chat; nothing if there is none."""
        own = [number for number, (to, _) in enumerate(self.replies) if to == self.contact.id]
        if own:
            to, reply = self.replies[own[-1]]
            text = Markup("\n\n").join([reply.text, *said])
            self.replies[own[-1]] = (to, replace(reply, text=text, actions=(*reply.actions, *actions)))

    def send(self, reply: Reply) -> None:
        """Add a message that was composed elsewhere, for this chat."""
        self.replies.append((self.contact.id, reply))
