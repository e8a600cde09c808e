"""How a question looks: short enough for a small phone, with everything needed to answer it on one screen.

Where a question asks for a number, a bare number is always an answer. So only the options of a choice question are
`choices`, which a channel without buttons numbers. All other buttons are actions; there people type their labels.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from markupsafe import Markup

from figures import evidence
from handlers import asked_back
from handlers.interviewing import repeated
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import (
    AddRow,
    AsBefore,
    Choose,
    Keep,
    Later,
    NoMore,
    OfQuestion,
    RestAsBefore,
    SkipIt,
    StepBack,
    TakeMarked,
    Unchanged,
)
from handlers.messages import Choice, Rows, clip
from plans.challenges import Known
from questionnaires.answers import Option
from questionnaires.answers.words import english_one
from questionnaires.interview import Ask, unchanged
from questionnaires.questionnaire import FILE_TYPES, SENT_TYPES, QuestionType
from questionnaires.showing import YEARS, asks_year

SHORT: Final = 12
"""The most letters of options that stand beside each other."""
MANY: Final = 60
"""From this number of options on, the person is told that they may type one: every platform limits its buttons."""
VALUE: Final = 120
"""After how many letters an answer is cut when it is shown among other things."""


def ask(sitting: Sitting, asked: Ask, *before: Markup, first: Rows = (), last: Rows = ()) -> None:
    """Put the question `asked` into the chat, after the paragraphs `before`.

    The buttons `first` come above its own, `last` below.
    """
    head = heading(sitting, asked)
    facts: dict[str, Any] = {"asked": clip(head.unescape(), 300)}
    if offered := options(sitting, asked):
        facts |= {"choices": tuple(option.value for option in offered), "multiple": asked.multiple}
    sitting.note(**facts)
    sitting.speak(
        *before,
        question(sitting, asked, head),
        choices=choices(sitting, asked),
        actions=(*first, *actions(sitting, asked), *last),
        location=asked.type == "geopoint" and sitting.turn.can.shares_location,
    )


def heading(sitting: Sitting, asked: Ask) -> Markup:
    """ "Câu 3/8. …", without markup."""
    say = sitting.say
    if asked.repeat:
        key = "interview.repeat_full" if asked.repeat.full else "interview.repeat"
        return say(key, label=asked.repeat.label, rows=asked.repeat.rows)
    key = "interview.heading" if asked.total else "interview.heading_open"
    return say(key, number=asked.number, total=asked.total, label=asked.label)


def question(sitting: Sitting, asked: Ask, head: Markup) -> Markup:
    """The question under its `heading`, with everything that belongs to it, line by line."""
    say, brief = sitting.say, sitting.turn.can.brief
    lines = [*above(sitting, asked, brief=brief), say("interview.question", question=head)]
    if asked.cut:
        lines.append(say("interview.rows_cut", most=asked.cut))
    if asked.hint and not brief:
        lines.append(say("interview.hint", hint=asked.hint))
    if asked.previous is not None:
        lines.append(before(sitting, asked))
    if asked.current is not None:
        lines.append(say("interview.current", answer=clip(asked.current_shown, VALUE)))
    lines.append(limits(sitting, asked, brief=brief))
    lines.append(how(sitting, asked))
    return Markup("\n").join(filter(None, lines))


def above(sitting: Sitting, asked: Ask, *, brief: bool) -> list[Markup]:
    """What comes above a question: its questionnaire, and the form's notes and section.

    If `brief`, as where each letter costs money, only the first question names the questionnaire.
    """
    head = sitting.say("interview.header", title=sitting.title)
    if brief:
        return [head] if asked.number == 1 and not asked.repeat else []
    return [head, *map(Markup.escape, (*asked.notes, asked.section))]


def before(sitting: Sitting, asked: Ask) -> Markup:
    """The previous answer: of the last period, or since then in another questionnaire that asks the very same."""
    say, answer = sitting.say, clip(asked.previous_shown, VALUE)
    known = carried_to(sitting, asked)
    if known is None:
        return say("interview.previous", answer=answer)
    facts = asked_back.facts_of(known, sitting.turn.locale)
    return say("interview.carried", form=facts["form"], period=facts["period"], answer=answer)


def carried_to(sitting: Sitting, asked: Ask) -> Known | None:
    """The number from another questionnaire that is offered here."""
    if asked.previous is None:
        return None
    source = sitting.turn.view.plans.challenges.carried_from(sitting.form.question(asked.path).name)
    known = evidence.read_about(sitting.row.evidence, {source}).elsewhere.get(source) if source else None
    return known if known is not None and format(known.number, "f") == asked.previous else None


def limits(sitting: Sitting, asked: Ask, *, brief: bool) -> Markup:
    """The limits that the form sets to a number; empty without any."""
    low = bound(sitting, asked, asked.minimum, asked.unit)
    high = bound(sitting, asked, asked.maximum, asked.unit)
    if low and asked.minimum == asked.maximum:
        return sitting.say("interview.limits.only", only=low)
    if low and high:
        key = "interview.limits.between_brief" if brief else "interview.limits.between"
        return sitting.say(key, low=bound(sitting, asked, asked.minimum, ""), high=high)
    if low:
        return sitting.say("interview.limits.from", low=low)
    return sitting.say("interview.limits.to", high=high) if high else Markup()


def bound(sitting: Sitting, asked: Ask, number: Decimal | None, unit: str) -> str:
    if number is None:
        return ""
    if not unit and number in YEARS and asks_year(asked.label):
        return f"{number:f}"
    if number == 1 and sitting.turn.locale == "en":
        unit = english_one(unit)
    return f"{sitting.say.number(number)} {unit}".strip()


def how(sitting: Sitting, asked: Ask) -> Markup:
    """What to send, if it is neither a word nor a number."""
    if asked.repeat:
        return Markup()
    if asked.type in FILE_TYPES and asked.type not in sitting.turn.can.takes:
        return cannot_send(sitting, asked.type, required=asked.required)
    if asked.type in SENT_TYPES:
        return sitting.say(f"interview.how.{asked.type}")
    if sitting.turn.can.buttons and len(asked.choices) > MANY:
        return sitting.say("interview.how.many_choices", n=len(asked.choices))
    if asked.multiple:
        return sitting.say("interview.how.multiple")
    return sitting.say("interview.how.other") if asked.other else Markup()


def cannot_send(sitting: Sitting, kind: str, *, required: bool) -> Markup:
    """That nothing of the kind a question asks for can be sent on this channel, and what to do instead."""
    key = "interview.not_here_required" if required else "interview.not_here"
    return sitting.say(key, what=sitting.say(f"interview.sent.{kind}"))


def options(sitting: Sitting, asked: Ask) -> tuple[Option, ...]:
    """The options; for an acknowledgement, the single one that the bot offers."""
    if asked.type is QuestionType.ACKNOWLEDGE:
        return (Option("OK", sitting.say("interview.button.acknowledge").unescape()),)
    return asked.choices


def choices(sitting: Sitting, asked: Ask) -> Rows:
    """The options as buttons: short ones beside each other, others one below the other."""
    if asked.repeat:
        done = sitting.named("interview.button.done", NoMore)
        return ((done,),) if asked.repeat.full else ((sitting.named("interview.button.add", AddRow), done),)
    buttons = [
        sitting.button(box(sitting, asked, option) + option.label, Choose, number=number)
        for number, option in enumerate(options(sitting, asked))
    ]
    return laid_out(buttons)


def laid_out(buttons: Sequence[Choice]) -> Rows:
    """Buttons beside each other, or below: a row of more than three, or of long labels, is cut off on a small phone."""
    if len(buttons) <= 3 and all(len(button.label) <= SHORT for button in buttons):
        return (tuple(buttons),) if buttons else ()
    return tuple((button,) for button in buttons)


def box(sitting: Sitting, asked: Ask, option: Option) -> str:
    """The sign before an option where several may be chosen: marked or not. Empty where only one may be."""
    if not asked.multiple:
        return ""
    return "☑ " if option.value in sitting.notes.picked else "☐ "


def actions(sitting: Sitting, asked: Ask) -> Rows:
    """The other ways on: as last time, keep, back, skip, later."""
    rows: list[tuple[Choice, ...]] = []
    if asked.multiple and asked.choices:
        rows.append((sitting.named("interview.button.picked", TakeMarked),))
    offered = earlier(sitting, asked)
    if offered is not None:
        rows.append((offered,))
    if sitting.offers_rest and unchanged(sitting.form, sitting.interview, sitting.context) is not None:
        rows.append((sitting.named("interview.button.rest_as_before", RestAsBefore),))
    if sitting.notes.offer_unchanged and asked.number == 1:
        rows.append((sitting.named("interview.button.unchanged", Unchanged),))
    if repeated.has_others(sitting, asked.path):
        rows.append((repeated.look(sitting, asked.path),))
    return (*rows, ways_on(sitting, asked))


def ways_on(sitting: Sitting, asked: Ask) -> tuple[Choice, ...]:
    """Back, skip and later, as far as this question allows them."""
    ways = []
    if asked.number > 1:
        ways.append(sitting.named("interview.button.back", StepBack))
    if not asked.required and not asked.repeat:
        ways.append(sitting.named("interview.button.skip", SkipIt))
    ways.append(sitting.named("interview.button.later", Later))
    return tuple(ways)


def earlier(sitting: Sitting, asked: Ask) -> Choice | None:
    """The button for the present answer, or for that of the period before if it may still be given."""
    if asked.current is not None:
        fits = within(asked, asked.current)
        return as_it_was(sitting, "keep", asked.current_shown, Keep) if fits else None
    if asked.previous is None or asked.type in SENT_TYPES or not within(asked, asked.previous):
        return None
    name = "carried" if carried_to(sitting, asked) else "as_before"
    return as_it_was(sitting, name, asked.previous_shown, AsBefore)


def within(asked: Ask, value: str) -> bool:
    """Whether an earlier answer still lies within the limits; if not, it is not offered."""
    low, high = asked.minimum, asked.maximum
    try:
        number = Decimal(value)  # A choice or a day is no number, and has no such limits.
    except InvalidOperation:
        return True
    return (low is None or number >= low) and (high is None or number <= high)


def as_it_was(sitting: Sitting, name: str, shown: str, kind: type[OfQuestion]) -> Choice:
    """The button that gives an earlier answer; typed, only its words are needed."""
    say = sitting.say
    if not sitting.turn.can.buttons:
        return sitting.button(say(f"interview.word.{name}"), kind)
    return sitting.button(say(f"interview.button.{name}", answer=clip(shown, 40)), kind)
