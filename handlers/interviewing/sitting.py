"""One person at one interview while one message is handled: the row, its form and the engine's state.

What the conversation remembers between messages is kept in the row's `extra` as `InterviewNotes`: which question the
chat shows, how often an answer was refused, which message answered what. The answers belong to the engine. A message
within an open interview reads nothing else from the database.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from markupsafe import Markup

from figures.due import is_over, period_of_key
from handlers.buttons import choice
from handlers.interviewing import marks
from handlers.interviewing.ways import OfInterview
from handlers.messages import Choice, MessageKind, Rows, clip
from handlers.screens.due import LABEL
from handlers.turn import Turn
from handlers.wording import Wording
from plans.period import Period
from questionnaires.interview import (
    Back,
    Context,
    Event,
    GoTo,
    Interview,
    Message,
    questions,
    show_value,
    step,
)
from questionnaires.questionnaire import Questionnaire
from questionnaires.several import apply
from storage.interview_notes import Answered, InterviewNotes
from storage.tables import InterviewRow, InterviewStatus, RoleName

SLOT: Final = "question"
"""Names the message in the chat that asks."""
LINE: Final = 120
"""And how many in a line of a channel without buttons."""
ANSWERS_KEPT: Final = 12
"""For how many of the latest answers the message that gave them is remembered; nothing arrives later than that."""

Way = TypeVar("Way", bound=OfInterview)


@dataclass
class Sitting:
    """Lives for one message; `save` writes it back to its row."""

    turn: Turn
    row: InterviewRow
    form: Questionnaire
    interview: Interview
    context: Context
    notes: InterviewNotes
    offers_rest: bool = False
    """Whether last period's answers to all other questions are offered, since it was just said of one: "như tháng trước"."""

    @cached_property
    def say(self) -> Wording:
        """The sentences for this person, made once: a question needs a dozen."""
        return self.turn.say

    @property
    def position(self) -> str | None:
        """The path of the open question; None once every question is answered."""
        return self.interview.position

    @property
    def period(self) -> Period:
        return period_of_key(self.row.period)

    @property
    def title(self) -> Markup:
        """Questionnaire, place and period on one line; where each letter costs money, the head of one village knows the
        place."""
        lang = self.context.lang
        return self.say(
            "interview.title_brief" if self.turn.can.brief and self.is_of_own_village else "interview.title",
            form=self.form.title(lang),
            place=self.notes.place,
            period=self.period.label(lang),
        )

    @property
    def is_of_own_village(self) -> bool:
        """Whether the person heads one village and holds no other role."""
        roles = self.turn.roles
        return [role.role for role in roles] == [RoleName.VILLAGE_HEAD]

    def __post_init__(self) -> None:
        self.screen_before = self.screen
        self.values_before = self.interview.values
        self.waited = self.waiting()
        self.reason_waited = self.notes.reason_said if self.notes.at == "r" else ""
        self.answered_now = set[str]()

    @property
    def screen(self) -> tuple[object, ...]:
        """What the chat shows, as far as it can be confirmed."""
        notes = self.notes
        return (self.interview.position, notes.at, notes.doubted, notes.row, notes.several, notes.candidates)

    @property
    def offered(self) -> str:
        """The only answer that is offered at the open question and waits for a yes; "" if none or several are."""
        notes = self.notes
        aside = notes.at or notes.either or notes.asked_since or len(notes.candidates) != 1
        return "" if aside else str(notes.candidates[0])

    def waiting(self) -> dict[str, str]:
        """What was said and waits for a yes, or for a button that says of which question it is: values by path."""
        notes, path = self.notes, self.position or ""
        if notes.at == "m":
            return dict(notes.several or notes.which)
        if not self.interview.values.get(path):
            return {}  # at a question without an answer nothing is passed by: it is asked again
        return {path: self.offered} if self.offered else {}

    def left_behind(self) -> list[Markup]:
        """Say what waited for a yes when the message came and neither waits any longer nor was answered with it."""
        if not self.waited or self.notes.at == "m":
            return []
        waits = self.waiting().keys() | self.answered_now
        return self.unstored(
            "several.not_stored", {path: self.waited[path] for path in self.waited.keys() - waits}
        )

    def no_reason(self) -> list[Markup]:
        """Say that words which waited to be called the reason for a figure are not kept, once they wait no longer."""
        words = self.reason_waited
        if not words or self.notes.at == "r" or any(one.words == words for one in self.notes.asked_back):
            return []
        return [self.say("interview.words_not_noted", words=clip(words, LINE))]

    def unstored(self, key: str, values: Mapping[str, str]) -> list[Markup]:
        """Say with the sentence `key` which of `values`, by path, the report does not hold; [] if it holds all."""
        values = {path: value for path, value in values.items() if self.interview.values.get(path) != value}
        if not values:
            return []
        after, _ = apply(self.form, self.interview, self.context, values)
        numbers = dict[str, list[str]]()
        for number, line in enumerate(questions(self.form, after, self.context), 1):
            if line.path in values:
                answer = show_value(self.form, line.path, values[line.path], self.context.lang)
                numbers.setdefault(answer, []).append(str(number))
        said = [
            self.say("several.of_questions", numbers=", ".join(some), answer=clip(answer, LINE))
            for answer, some in numbers.items()
        ]
        return [self.say(key, answers=Markup("; ").join(said))] if said else []

    @property
    def over(self) -> bool:
        """Whether the last day to send this is over."""
        return not self.row.practice and is_over(self.turn.view, self.row, self.notes)

    def asks(self, *types: str) -> bool:
        """Whether the open question has one of these `types`."""
        path = self.interview.position
        if path is None or path in self.interview.rows:
            return False
        return self.form.question(path).type in types

    def known_paths(self) -> list[str]:
        """The paths of all questions that may have been asked, including the open one before the person went back."""
        once = [question.path for question in self.form.questions]
        return [*self.interview.visited, *self.interview.values, *once]

    def step(self, message: Message) -> list[Event]:
        """One step of the engine; the events it gives."""
        if isinstance(message, (Back, GoTo)):
            self.note(gone_back=True)
        self.interview, events = step(self.form, self.interview, message, self.context)
        return events

    def way(self, kind: Callable[..., Way], path: str | None = None, **facts: int | str) -> Way:
        """What a button of this interview does. `path` is its question, "" for none; by default the open one."""
        asked = self.position if path is None else path
        return kind(self.row.id, marks.mark_of(self.form, asked or None), **facts)

    def button(
        self, label: str, kind: Callable[..., OfInterview], path: str | None = None, **facts: int | str
    ) -> Choice:
        """A button of this interview; otherwise as `way`."""
        return choice(label, self.way(kind, path, **facts), LABEL if self.turn.can.buttons else LINE)

    def named(self, key: str, kind: Callable[..., OfInterview], path: str | None = None) -> Choice:
        """A button with the sentence `key` as its label."""
        return self.button(self.say(key), kind, path)

    @property
    def about(self) -> str:
        """What a reply to the message that asks now is about: "interview:question", and which screen of it."""
        about = marks.about(self.row.id, self.form, self.position)
        return f"{about}:{self.notes.at}" if self.notes.at else about

    def note(self, **facts: Any) -> None:
        """Remember these until the question is left, or others replace them."""
        for name, fact in facts.items():
            setattr(self.notes, name, fact)

    def leave(self) -> None:
        """Forget what concerned the open question."""
        self.note(
            tries=0,
            candidates=(),
            either=False,
            asked_since=False,
            picked=(),
            choices=(),
            multiple=False,
            at="",
            offer_unchanged=False,
            several=(),
            which=(),
            doubted="",
            reason_said="",
            row="",
        )

    def answered_by(self, path: str) -> None:
        """Remember that the present message answered `path`.

        If its order is lower than an earlier one's, the platform's numbers have begun again and can no longer be
        compared.
        """
        incoming = self.turn.incoming
        self.answered_now.add(path)
        kept = [answered for answered in self.notes.answers if answered.path != path]
        if incoming.kind is not MessageKind.PRESS:
            kept = [
                answered._replace(order=incoming.order) if answered.order > incoming.order else answered
                for answered in kept
            ]
        newest = Answered(path, incoming.order, incoming.message_ref)
        gone_back = self.notes.gone_back and self.is_kept(path)
        self.note(answers=(*kept[1 - ANSWERS_KEPT :], newest), gone_back=gone_back)

    def is_kept(self, path: str) -> bool:
        """Whether the answer at `path` is the one that stood before this message, as after «Giữ nguyên»."""
        return self.interview.values.get(path) == self.values_before.get(path)

    def answered(self, message_ref: str) -> str:
        """What an earlier message of the person answered, as `about` says it; "" if that is no longer known."""
        path = self.notes.answered_by(message_ref)
        return marks.about(self.row.id, self.form, path) if path is not None else ""

    def speak(
        self,
        *parts: Markup,
        choices: Rows = (),
        actions: Rows = (),
        location: bool = False,
        slot: str = SLOT,
    ) -> None:
        """Send one message of this interview, its parts as paragraphs; practice is marked as such."""
        shown = [part for part in (*self.no_reason(), *self.left_behind(), *parts) if part]
        if self.row.practice:
            shown = [self.say("interview.practice.mark"), *shown]
        self.turn.reply(
            Markup("\n\n").join(shown),
            choices=choices,
            actions=actions,
            ask_for="location" if location else "",
            slot=slot,
            about=self.about if slot else "",
        )

    def settle(self, answer: str = "") -> None:
        """Take the buttons off the question that the chat shows, and write `answer` below it."""
        asked, here = self.notes.asked, self.notes.contact == self.turn.contact.id
        self.note(asked="")
        if not asked or not here or not self.turn.can.edits:
            return
        key = "interview.asked_answered" if answer else "interview.asked"
        self.turn.reply(self.say(key, question=asked, answer=clip(answer, 200)), edits_slot=SLOT)

    def save(self) -> None:
        """Write the interview's state into its row, and make it the one that this chat is in."""
        self.row.state = self.interview.to_json()
        if self.notes.contact != self.turn.contact.id:
            self.note(contact=self.turn.contact.id)
        if self.screen != self.screen_before:
            self.turn.shows_anew = True
        self.row.extra = self.notes.to_json()
        status = InterviewStatus.OPEN if self.position else InterviewStatus.REVIEW
        if self.row.status != status:
            self.row.status = status
        self.row.updated_at = self.turn.now
        if self.turn.contact.interview_id != self.row.id:
            self.turn.contact.interview_id = self.row.id


async def sit(turn: Turn, row: InterviewRow) -> Sitting:
    """Take up `row` for this message."""
    form = await turn.library.form(turn.session, row.form_id)
    context = Context(turn.now, turn.locale, row.previous, numbered=not turn.can.buttons)
    return Sitting(turn, row, form, Interview.from_json(row.state), context, InterviewNotes.read(row.extra))
