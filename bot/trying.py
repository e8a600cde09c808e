"""Trying a questionnaire without a database: for a person at a terminal and for a script, and how its faults and
its questions read."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.teller import Teller
from handlers import doubts
from handlers.wording import LOCALES, catalogue
from questionnaires.answers import EXAMPLES
from questionnaires.faults import Fault
from questionnaires.interview import (
    Answer,
    Ask,
    Back,
    Context,
    DropRow,
    Event,
    Finished,
    Message,
    QuestionAsked,
    Recorded,
    Refused,
    Repeat,
    Resume,
    Skip,
    Value,
    begin,
    first_of,
    open_question,
    review,
    step,
)
from questionnaires.questionnaire import (
    FILE_TYPES,
    Part,
    Question,
    Questionnaire,
    QuestionType,
    Section,
    Words,
)

INPUTS: Final = '{"answer": "…"}, {"back": true}, {"skip": true}, {"repeat": "add"}, {"repeat": "done"}, {"drop": "/…[2]"}'


class BadLine(Exception):
    """A line of a script that says nothing we know."""


# --- faults -------------------------------------------------------------------------------------------


def fault_text(fault: Fault, lang: str) -> str:
    """What is wrong and what to write instead."""
    return Teller(lang)(f"forms.fault.{fault.code}", **fault.data)


def fault_line(fault: Fault, lang: str) -> str:
    """Sheet, row and column as far as known, then what is wrong."""
    say = Teller(lang)
    place = [say("forms.place.sheet", sheet=fault.sheet)] if fault.sheet else []
    place += [say("forms.place.row", row=fault.row)] if fault.row else []
    place += [say("forms.place.column", column=fault.column)] if fault.column else []
    text = fault_text(fault, lang)
    return f"- {', '.join(place)}: {text}" if place else f"- {text}"


def fault_lines(faults: Sequence[Fault], lang: str) -> list[str]:
    """A refused form's faults."""
    return [Teller(lang)("forms.check.refused"), *(fault_line(fault, lang) for fault in faults)]


def advice_lines(faults: Sequence[Fault], lang: str) -> list[str]:
    """What could be better, if anything."""
    if not faults:
        return []
    return ["", Teller(lang)("forms.check.advice"), *(fault_line(fault, lang) for fault in faults)]


def fault_json(fault: Fault, lang: str) -> dict[str, object]:
    """A fault as JSON values."""
    return {
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
        "code": fault.code,
        "grave": fault.grave,
        "message": fault_text(fault, lang),
    }


# --- a look at the whole ------------------------------------------------------------------------------


def plain(form: Questionnaire, words: Words, lang: str) -> str:
    """A text whose references are shown as …"""

    def word(part: Part) -> str:
        return part if isinstance(part, str) else "…"

    return "".join(word(part) for part in form.words(words, lang))


def preview(form: Questionnaire, lang: str) -> Iterator[str]:
    """How the conversation will look, question by question."""
    say = Teller(lang)
    yield say("forms.check.preview")
    number = 0
    for node in form.nodes:
        label = plain(form, node.labels, lang) or node.name
        if isinstance(node, Section):
            yield from (f"\n{say('forms.preview.repeat', label=label)}",) if node.repeats else ()
        elif node.type is QuestionType.NOTE:
            yield f"\n{say('forms.preview.note', label=label)}"
        elif node.asks:
            number += 1
            yield f"\n{say('forms.preview.question', number=number, label=label)}"
            yield from details(form, node, lang, say)


def details(form: Questionnaire, question: Question, lang: str, say: Teller) -> Iterator[str]:
    """Hint, choices and conditions of one question."""
    hint = plain(form, question.hints, lang)
    if hint:
        yield f"   {hint}"
    for number, choice in enumerate(form.lists.get(question.list, ()), 1):
        yield f"   {number}. {plain(form, choice.labels, lang) or choice.value}"
    facts = [question.type.value]
    facts += [say("forms.preview.required")] if question.may_be_required else []
    facts += [say("forms.preview.sometimes")] if question.relevant else []
    yield f"   {say('forms.preview.facts', facts=', '.join(facts))}"


# --- trying -------------------------------------------------------------------------------------------


class Trial:
    """One interview on a form, kept here. `over` once it is done or left."""

    def __init__(self, form: Questionnaire, lang: str, clock: Callable[[], datetime]) -> None:
        self.form = form
        self.lang = lang
        self.clock = clock
        self.say = Teller(lang)
        self.sentences = catalogue(lang if lang in LOCALES else LOCALES[0])
        self.interview, self.events = begin(form, self.context)
        self.over = first_of(self.events, Finished) is not None

    @property
    def context(self) -> Context:
        return Context(self.clock(), self.lang)

    def send(self, message: Message) -> list[Event]:
        """One step."""
        self.interview, self.events = step(self.form, self.interview, message, self.context)
        self.over = first_of(self.events, Finished) is not None
        return self.events

    @property
    def ask(self) -> Ask | None:
        """The question that is open."""
        _, events = step(self.form, self.interview, Resume(), self.context)
        return open_question(events)

    def meant(self, text: str) -> Message:
        """What a typed answer means here: a choice may be given by its name, a photo by any reference."""
        asked = self.ask
        if asked is None or asked.repeat:
            return Answer(text)
        named = asked.type in FILE_TYPES or names_choices(asked, text)
        return Value(text) if named else Answer(text)

    def why(self, refused: Refused) -> str:
        """The form's own sentence, or ours."""
        if refused.message:
            return refused.message
        of_text = self.ask is not None and self.ask.type == "text"
        key = doubts.sentence(self.sentences, refused.code, of_text=of_text)
        if not key:
            return self.say("forms.refused.constraint")
        example = refused.example or (EXAMPLES[self.ask.kind] if self.ask else "")
        return self.say(key, **{"example": example, **doubts.LIMITS, **refused.data})

    # --- for scripts ----------------------------------------------------------------------------------

    def begin_line(self) -> str:
        return self.written(self.events)

    def line(self, typed: str) -> str:
        """The one line that answers a line of input."""
        try:
            message = self.message(typed)
        except BadLine:
            sentence = self.say("forms.run.bad_line", forms=INPUTS)
            return dump({"refused": {"path": self.interview.position or "", "message": sentence}})
        return self.written(self.send(message))

    def message(self, typed: str) -> Message:
        """What a line of input wants. Raises BadLine."""
        try:
            body = json.loads(typed)
        except (ValueError, RecursionError):
            raise BadLine from None
        match body:
            # JSON's true is an int to Python; what it would answer is undefined.
            case {"answer": str() | int() | float() as answer} if not isinstance(answer, bool):
                return self.meant(str(answer))
            case {"back": True}:
                return Back()
            case {"skip": True}:
                return Skip()
            case {"repeat": "add"}:
                return Repeat(True)
            case {"repeat": "done"}:
                return Repeat(False)
            case {"drop": str(row)}:
                return DropRow(row)
        raise BadLine

    def written(self, events: Sequence[Event]) -> str:
        """The outcome of a step as one line of JSON."""
        for event in events:
            match event:
                case Refused(path):
                    return dump({"refused": {"path": path, "message": self.why(event)}})
                case Finished(values, instance):
                    return dump({"done": {"values": dict(values), "instance": instance}})
                case QuestionAsked(ask):
                    return dump({"ask": ask_json(ask)})
        return dump({})

    # --- for a person ---------------------------------------------------------------------------------

    def begin_plainly(self) -> Iterator[str]:
        yield self.say("forms.run.how")
        yield from self.told(self.events)

    def plainly(self, typed: str) -> Iterator[str]:
        """What to print after a typed line."""
        word = typed.strip()
        if word == "q":
            self.over = True
            yield self.say("forms.run.stopped")
            return
        if word == "<":
            events = self.send(Back())
        elif word == ">":
            events = self.send(Skip())
        else:
            events = self.send(self.meant(typed))
        yield from self.told(events)

    def told(self, events: Sequence[Event]) -> Iterator[str]:
        for event in events:
            match event:
                case Recorded():
                    yield self.say("forms.run.recorded", answer=event.shown)
                case Refused():
                    yield from self.refused(event)
                case QuestionAsked(ask):
                    yield from self.asked(ask)
                case Finished():
                    yield from ("", *event.notes, self.say("forms.run.done"))
                    yield from self.reviewed()

    def refused(self, event: Refused) -> Iterator[str]:
        """Why an answer is not taken, with one that would be."""
        yield self.why(event)
        if event.example:
            yield self.say("forms.run.example", example=event.example)

    def reviewed(self) -> Iterator[str]:
        """Each answer in a line."""
        for line in review(self.form, self.interview, self.context):
            yield f"- {line.label}: {line.shown}"

    def asked(self, ask: Ask) -> Iterator[str]:
        yield from ("", *ask.notes)
        if ask.repeat is None:
            yield from self.question(ask)
        elif ask.repeat.full:
            yield self.say("interview.repeat_full", label=ask.label, rows=ask.repeat.rows)
        else:
            yield self.say("forms.run.another", label=ask.label)

    def question(self, ask: Ask) -> Iterator[str]:
        """A question with its hint, choices, limits and the answer that stands."""
        if ask.cut:
            yield self.say("interview.rows_cut", most=ask.cut)
        head = "forms.run.head" if ask.total else "interview.heading_open"
        yield self.say(head, number=ask.number, total=ask.total, label=ask.label)
        choices = (f"{number}. {option.label}" for number, option in enumerate(ask.choices, 1))
        current = self.say("forms.run.current", answer=ask.current_shown) if ask.current else ""
        below = (ask.hint, *choices, self.limits(ask.minimum, ask.maximum), current)
        yield from (f"   {line}" for line in filter(None, below))

    def limits(self, low: Decimal | None, high: Decimal | None) -> str:
        """Between which numbers an answer must lie."""
        if low is not None and high is not None:
            return self.say("forms.preview.between", low=low, high=high)
        if low is not None:
            return self.say("forms.preview.from", low=low)
        return self.say("forms.preview.to", high=high) if high is not None else ""


def ask_json(ask: Ask) -> dict[str, object]:
    """A question for a script; the notes before it only where there are any."""
    body: dict[str, object] = {
        "path": ask.path,
        "type": ask.type.value,
        "label": ask.label,
        "hint": ask.hint,
        "choices": [{"value": option.value, "label": option.label} for option in ask.choices],
        "required": ask.required,
    }
    return {**body, "notes": list(ask.notes)} if ask.notes else body


def names_choices(asked: Ask, text: str) -> bool:
    """Whether a text is the names of choices, and nothing else."""
    names = set(text.split())
    return bool(names) and names <= {option.value for option in asked.choices}


def dump(body: dict[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False)
