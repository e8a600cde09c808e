"""The tour: one village head's whole report and one officer's look at it, played through the real bot.

It presses and types what a person would, reading only what the bot showed, and prints the conversation.
"""

import html
from dataclasses import dataclass, field
from typing import Final, TextIO

from bot.channels.console import ShownMessage
from bot.chat import Chat, LocalMessage
from bot.demo.figures import water
from bot.demo.invented import BACH_THONG, HEAD, DemoGround
from handlers.messages import Choice, MessageKind
from handlers.wording import Wording
from questionnaires.answers.text import fold
from questionnaires.interview import Interview
from storage.kept import Screen
from storage.tables import InterviewRow, InterviewStatus

OFFICER: Final = "demo:can-bo-xa"
MISTAKEN: Final = "nuoc_ho_hvs"
"""At this question the village head first types too large a number."""
AS_BEFORE: Final = "nuoc_ho_dtts"
"""At this one they take last period's answer with one button."""


class StuckTour(Exception):
    """The bot did not offer what the tour expected: the demonstration is broken."""


@dataclass
class Tour:
    """Plays through `chat`, printing to `out`; `say` is the language that the demonstration's people chose."""

    chat: Chat
    out: TextIO
    say: Wording
    ground: DemoGround = BACH_THONG
    shown: list[ShownMessage] = field(default_factory=list)

    async def play(self) -> None:
        """The whole tour. Raises StuckTour."""
        self.headline("tour.head")
        await self.type(HEAD, self.words("tour.word.report"))
        await self.press(HEAD, "nuoc sinh hoat")
        await self.report()
        await self.press(HEAD, self.words("review.button.send"))
        picture = self.words("progress.button.picture")
        if await self.button(HEAD, picture):  # a channel on which each letter costs offers none
            await self.press(HEAD, picture)
        self.headline("tour.officer")
        await self.type(OFFICER, "/cacthon")
        await self.press(
            OFFICER, self.words("officer.button.missing", n=0, form="").partition("0")[0].strip()
        )
        self.out.write("\n" + self.words("tour.end") + "\n")

    async def report(self) -> None:
        """Answer the questionnaire on water, with one mistake."""
        answers = water(self.ground.villages[0], 0)
        mistaken = False
        while (name := await self.asked(HEAD)) is not None:
            # The same question comes again after the refusal, and is then answered well.
            if name == MISTAKEN and not mistaken:
                mistaken = True
                await self.type(HEAD, f"{answers['nuoc_ho'] + 50}")
            elif name == AS_BEFORE:
                await self.press(HEAD, self.words("interview.button.as_before", answer="").rstrip(": "))
            elif name in answers:
                await self.type(HEAD, f"{answers[name]}")
            else:
                await self.press(HEAD, self.words("interview.button.skip"))

    async def asked(self, contact: str) -> str | None:
        """The name of the open question, None at the review."""
        row = await self.chat.contact(contact)
        if row is None or row.interview_id is None:
            raise StuckTour("no questionnaire was opened")
        async with self.chat.app.storage.reading() as session:
            interview = await session.get(InterviewRow, row.interview_id)
        if interview is None or interview.status != InterviewStatus.OPEN:
            return None
        position = Interview.from_json(interview.state).position
        return None if position is None else position.rpartition("/")[2]

    # --- doing and printing

    async def type(self, contact: str, text: str) -> None:
        self.print_said(text)
        self.print_shown(contact, await self.chat.say(LocalMessage(contact, MessageKind.TEXT, text)))

    async def press(self, contact: str, words: str) -> None:
        """Press the first button whose label holds `words`. Raises StuckTour."""
        shown = await self.button(contact, words)
        if shown is None:
            raise StuckTour(f"no button {words!r}")
        choice, ref = shown
        self.print_said(choice.label if self.chat.plain else f"[{choice.label}]")
        said = LocalMessage(contact, MessageKind.PRESS, choice.label, button=(choice.data, ref))
        self.print_shown(contact, await self.chat.say(said))

    async def button(self, contact: str, words: str) -> tuple[Choice, str] | None:
        """The first button whose label holds `words`, and its message: one that is shown, else one that is written out."""
        for message in reversed(self.shown):
            for choice in message.buttons():
                if message.to == contact and fold(words) in fold(choice.label):
                    return choice, message.ref
        written = await self.button_written(contact, words)
        return (written, "") if written else None

    async def button_written(self, contact: str, words: str) -> Choice | None:
        """The first button whose label holds `words`, of those that the chat remembers."""
        row = await self.chat.contact(contact)
        kept = Screen.read(row.screen).buttons if row else ()
        return next((Choice(*button) for button in kept if fold(words) in fold(button.label)), None)

    def print_said(self, text: str) -> None:
        self.out.write(f"\n› {text}\n\n")

    def print_shown(self, contact: str, messages: list[ShownMessage]) -> None:
        self.shown = [message for message in messages if message.to == contact] or self.shown
        for message in messages:
            if not message.reply.edits_slot:
                self.print_message(contact, message)

    def print_message(self, contact: str, message: ShownMessage) -> None:
        """Print a message, with whose it is where it went to somebody else, and what it costs."""
        if message.to != contact:
            self.out.write(f"    ({self.words('console.to_other', contact=message.to)})\n")
        for line in (*self.lines_of(message), *filter(None, [message.cost])):
            self.out.write(f"    {line}".rstrip() + "\n")
        self.out.write("\n")

    def lines_of(self, message: ShownMessage) -> list[str]:
        if self.chat.plain:
            return "\n".join(message.typed_text(self.say)).split("\n")
        lines = message.text().split("\n")
        rows = (*message.reply.choices, *message.reply.actions)
        lines += ["  ".join(f"[{choice.label}]" for choice in row) for row in rows]
        for key, path in (("console.photo_at", message.photo), ("console.document_at", message.document)):
            lines += [self.words(key, path=path)] if path else []
        return lines

    def headline(self, key: str) -> None:
        text = self.words(key)
        self.out.write(f"\n── {text} {'─' * max(4, 76 - len(text))}\n")

    def words(self, key: str, **values: object) -> str:
        return html.unescape(str(self.say(key, **values)))
