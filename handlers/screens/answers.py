"""What villages answered to a questionnaire that an officer sent out: question by question, unit by unit, as a
spreadsheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures import small
from figures.requested import Answers, QuestionTold, Request, answers_to, told_of
from handlers.buttons import Button, FormName, PeriodKey, Position, ShortId, button, short_name
from handlers.menu import named
from handlers.messages import Choice, Document, Reply, clip
from handlers.screens.paging import paged
from handlers.sentences import first_names
from handlers.viewer import Viewer
from plans.period import Period
from questionnaires.questionnaire import Question
from questionnaires.showing import YEARS, choices, quantity, shown, unit_of
from storage import places
from storage.tables import Level, Place

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
QUESTIONS: Final = 12
"""How many questions fit on a screen."""
UNITS: Final = 12
"""How many units with their answers fit on one."""
WRITTEN: Final = 5
"""How many villages' words are shown under a question."""
NAMED: Final = 12
LABEL: Final = 90
"""How many letters of a question are shown."""
WORDS: Final = 160
"""How many letters of a village's words, and of a unit's line."""


@dataclass(frozen=True, slots=True)
class OfAnswers(Button):
    """A button about what the villages of a place answered."""

    form: FormName
    period: PeriodKey
    place: ShortId


@button("n:a:{form}:{period}:{place}:{first}", opens=True)
class ShowAnswers(OfAnswers):
    """What they answered, from the question of this number on."""

    first: Position = 0


@button("n:b:{form}:{period}:{place}:{first}", opens=True)
class ShowAnswersByUnit(OfAnswers):
    """The same unit by unit, from the unit of this number on."""

    first: Position = 0


@button("n:l:{form}:{period}:{place}")
class AnswersSheet(OfAnswers):
    """The same as a spreadsheet."""


def way_to(viewer: Viewer, form: str, period: Period, place: int) -> Choice:
    """The button that shows the answers."""
    return named(viewer, "answers.button.all", ShowAnswers(short_name(form), period, place))


async def page(viewer: Viewer, request: Request, place: Place, first: int = 0) -> Reply:
    """What the villages of a place answered, question by question."""
    answers = await answers_to(viewer, request, place)
    head = heading(viewer, answers)
    if not answers.values:
        return Reply(Markup("\n").join(head))
    here = paged(await told_of(viewer, answers), first, QUESTIONS)
    lines = [line for told in here.here for line in lines_of(viewer, answers, told)]
    part = here.told(viewer, "answers.part")
    mark, period = short_name(request.form.name), request.period
    turning = here.turning(
        viewer,
        "answers.button.before",
        "answers.button.after",
        lambda first: ShowAnswers(mark, period, place.id, first),
    )
    ways = [
        named(viewer, "answers.button.units", ShowAnswersByUnit(mark, period, place.id)),
        named(viewer, "answers.button.sheet", AnswersSheet(mark, period, place.id)),
    ]
    return Reply(Markup("\n").join([*head, "", *lines, *part]), (*turning, *((way,) for way in ways)))


def heading(viewer: Viewer, answers: Answers) -> list[Markup]:
    """Which questionnaire, where, and who has answered."""
    form, period = answers.request.form.title(viewer.locale), answers.request.period.label(viewer.locale)
    head = viewer.say("answers.head", form=form, period=period, place=places.own_name(answers.place))
    missing = [places.own_name(village) for village in answers.missing]
    if not answers.values:
        return [head, viewer.say("answers.nobody", total=len(answers.asked))]
    key = "announce.answered" if missing else "announce.answered_all"
    counts = {"n": len(answers.values), "total": len(answers.asked)}
    return [head, viewer.say(key, names=first_names(missing, NAMED), **counts)]


def name_of(viewer: Viewer, answers: Answers, unit: Place) -> str:
    """A unit's name; of a village that was closed after it had answered, also where it belongs now."""
    units = answers.now_in.get(unit.id, ())
    if not units:
        return places.own_name(unit)
    names = "; ".join(map(places.own_name, units))
    return viewer.say("common.now_in", place=places.own_name(unit), units=names).unescape()


# --- question by question ---------------------------------------------------------------------------------


def lines_of(viewer: Viewer, answers: Answers, told: QuestionTold) -> Iterator[Markup]:
    """What is told of one question."""
    label, value = label_of(viewer, answers, told.question), value_of(viewer, answers, told)
    if not told.given:
        yield viewer.say("answers.none_given", label=label)
    elif value is None:
        yield viewer.say("answers.given", label=label, n=told.given)
    else:
        yield viewer.say("answers.value", label=label, value=value, n=told.given)
    written = [(answers.asked[number], said) for number, said in told.words.items()]
    for village, said in written[:WRITTEN]:
        text = "; ".join(shown(answers.request.form, told.question, one, viewer.locale) for one in said)
        yield viewer.say("answers.word", place=name_of(viewer, answers, village), text=clip(text, WORDS))
    if len(written) > WRITTEN:
        yield viewer.say("answers.more_words", n=len(written) - WRITTEN)


def value_of(viewer: Viewer, answers: Answers, told: QuestionTold) -> Markup | str | None:
    """The sum, the mean with its range, or the tally; None for words."""
    if told.withheld:
        return viewer.say("asking.small", n=small.SMALL, unit=viewer.say("asking.small_unit"))
    if told.total is not None:
        return sum_said(viewer, answers, told, told.total)
    if told.numbers:
        return apart_said(viewer, answers, told)
    if told.tally:
        return tally_said(viewer, answers, told)
    return None


def sum_said(viewer: Viewer, answers: Answers, told: QuestionTold, total: Decimal) -> Markup | str:
    """A sum, and which unit has most of it."""
    value, unit = amount(viewer, answers, told.question, total), with_most(told)
    if told.question.repeat:
        value = viewer.say("answers.sum_of_rows", value=value).unescape()
    if unit is None:
        return value
    in_most = amount(viewer, answers, told.question, told.by_unit[unit])
    place = name_of(viewer, answers, answers.units[unit])
    return viewer.say("answers.sum_with_most", value=value, place=place, most=in_most)


def with_most(told: QuestionTold) -> int | None:
    """The one unit that has more than any other; None if several have as much, or a withheld one may have more."""
    most = max(told.by_unit.values(), default=Decimal(0))
    units = [unit for unit, value in told.by_unit.items() if value == most]
    return units[0] if most and len(units) == 1 < len(told.by_unit) and not told.withheld_in else None


def apart_said(viewer: Viewer, answers: Answers, told: QuestionTold) -> Markup | str:
    """The mean of numbers that do not add up, with the lowest and the highest; of years only these."""
    low, high = min(told.numbers), max(told.numbers)
    if low == high:
        return amount(viewer, answers, told.question, low)
    mean = round(sum(told.numbers, Decimal(0)) / len(told.numbers), 1)
    values = {"mean": mean, "low": low, "high": high}
    shown_as = {name: amount(viewer, answers, told.question, value) for name, value in values.items()}
    if all(value in YEARS for value in told.numbers):
        return viewer.say("answers.range", **shown_as)
    rows = bool(told.question.repeat)
    return viewer.say("answers.mean_of_rows" if rows else "answers.mean", **shown_as, n=len(told.numbers))


def tally_said(viewer: Viewer, answers: Answers, told: QuestionTold) -> str:
    """How many villages, or rows of a repeat, chose what."""
    key = "answers.chosen_in_rows" if told.of_rows else "answers.chosen"
    return ", ".join(
        viewer.say(key, value=chosen(viewer, answers, told.question, value), n=n).unescape()
        for value, n in told.tally.items()
    )


def chosen(viewer: Viewer, answers: Answers, question: Question, value: str) -> str:
    """A value as the choice's label."""
    return choices(answers.request.form, question, value, viewer.locale)


def amount(viewer: Viewer, answers: Answers, question: Question, value: Decimal) -> str:
    """A number with the question's unit."""
    return quantity(answers.request.form, question, str(value), viewer.locale)


def label_of(viewer: Viewer, answers: Answers, question: Question) -> str:
    """A question's label before a colon, with … where it repeats somebody's answer."""
    parts = answers.request.form.words(question.labels, viewer.locale)
    words = "".join(part if isinstance(part, str) else "…" for part in parts).rstrip(" ?:")
    return clip(words, LABEL) or question.name


# --- unit by unit -----------------------------------------------------------------------------------------


async def by_unit(viewer: Viewer, request: Request, place: Place, first: int = 0) -> Reply:
    """What each unit of a place answered."""
    answers = await answers_to(viewer, request, place)
    told = await told_of(viewer, answers) if answers.values else []
    here = paged(list(answers.units), first, UNITS)
    lines = [unit_line(viewer, answers, told, unit) for unit in here.here]
    mark, period = short_name(request.form.name), request.period
    turning = here.turning(
        viewer,
        "answers.button.before",
        "answers.button.after",
        lambda first: ShowAnswersByUnit(mark, period, place.id, first),
    )
    back = way_to(viewer, request.form.name, period, place.id)
    text = Markup("\n").join([*heading(viewer, answers), "", *lines, *here.told(viewer, "answers.part")])
    return Reply(text, (*turning, (back,)))


def unit_line(viewer: Viewer, answers: Answers, told: Sequence[QuestionTold], unit: int) -> Markup:
    """What one unit answered, in a line: a village's own answers to whoever is near, else the sums."""
    place, group = name_of(viewer, answers, answers.units[unit]), answers.groups[unit]
    n = len(group & answers.values.keys())
    if not n:
        return viewer.say("answers.silent", place=place)
    values = [text for one in told if (text := in_unit(viewer, answers, one, unit))]
    said = clip("; ".join(values), WORDS) or "–"
    key = "answers.of_village" if answers.units[unit].level == Level.VILLAGE else "answers.of_unit"
    return viewer.say(key, place=place, values=said, n=n, total=len(group))


def in_unit(viewer: Viewer, answers: Answers, told: QuestionTold, unit: int) -> str:
    """What one unit answered to one question, as people read it; "" for nothing, or nothing that may be told."""
    if unit in told.withheld_in:
        return viewer.say("answers.kept").unescape()
    if unit in told.by_unit:
        return amount(viewer, answers, told.question, told.by_unit[unit])
    own = answers.given(told.question).get(unit, ()) if answers.near else ()
    form = answers.request.form
    return ", ".join(shown(form, told.question, value, viewer.locale) for value in own)


# --- as a spreadsheet -------------------------------------------------------------------------------------


async def sheet(viewer: Viewer, request: Request, place: Place) -> Reply:
    """The answers as a spreadsheet: a row for each unit, a column for each question, and the totals."""
    answers = await answers_to(viewer, request, place)
    told = await told_of(viewer, answers)
    form, name = request.form.title(viewer.locale), places.own_name(place)
    facts = [["what", f"{form}, {request.period.label(viewer.locale)}"], ["where", name]]
    front = [*facts, ["when", viewer.say.moment(viewer.now)]]
    columns = [one for one in told if has_column(answers, one)]
    body = {
        "front": [[viewer.say(f"asking.sheet.{key}").striptags(), text] for key, text in front],
        "front_title": viewer.say("asking.sheet.front").striptags(),
        "tables": [units_table(viewer, answers, columns), totals_table(viewer, answers, told)],
    }
    document = Document("", f"tra-loi-{request.form.name}-{viewer.today:%Y-%m-%d}.xlsx", MEDIA, body)
    said = viewer.say("answers.sheet_made", form=form, period=request.period.label(viewer.locale), place=name)
    return Reply(said, document=document)


def has_column(answers: Answers, told: QuestionTold) -> bool:
    """Whether something is told of a question unit by unit: to whoever is near, all; else what adds up."""
    return bool(answers.near or told.by_unit or told.withheld_in)


def unit_row(viewer: Viewer, answers: Answers, columns: Sequence[QuestionTold], unit: int) -> list[object]:
    """One unit's answers: its name, how many answered, how many were asked, then each column."""
    asked = answers.groups[unit]
    cells = (cell(viewer, answers, one, unit) for one in columns)
    return [
        name_of(viewer, answers, answers.units[unit]),
        len(asked & answers.values.keys()),
        len(asked),
        *cells,
    ]


def units_table(viewer: Viewer, answers: Answers, columns: Sequence[QuestionTold]) -> dict[str, object]:
    """The answers unit by unit."""
    heads = [viewer.say(f"answers.sheet.{key}").striptags() for key in ("unit", "answered", "asked")]
    rows = [unit_row(viewer, answers, columns, unit) for unit in answers.units]
    return {
        "title": viewer.say("answers.sheet.units").striptags(),
        "heads": [*heads, *(headed(viewer, answers, one.question) for one in columns)],
        "numbers": [3 + at for at, one in enumerate(columns) if one.by_unit],
        "rows": rows,
    }


def headed(viewer: Viewer, answers: Answers, question: Question) -> str:
    """A question's label with its unit."""
    unit = unit_of(answers.request.form, question, viewer.locale)
    label = label_of(viewer, answers, question)
    return f"{label} ({unit})" if unit else label


def cell(viewer: Viewer, answers: Answers, told: QuestionTold, unit: int) -> str | None:
    """One unit's answer to one question: a number as exact text, else what people read."""
    if unit in told.withheld_in:
        return viewer.say("asking.sheet.kept_back", n=small.SMALL).striptags()
    if unit in told.by_unit:
        return str(told.by_unit[unit])
    return in_unit(viewer, answers, told, unit) or None


def totals_table(viewer: Viewer, answers: Answers, told: Sequence[QuestionTold]) -> dict[str, object]:
    """What is told of each question in all."""
    heads = [viewer.say(f"answers.sheet.{key}").striptags() for key in ("question", "value", "answered")]
    rows = []
    for one in told:
        value = value_of(viewer, answers, one)
        text = value.striptags() if isinstance(value, Markup) else value
        rows.append([label_of(viewer, answers, one.question), text, one.given])
    return {
        "title": viewer.say("answers.sheet.totals").striptags(),
        "heads": heads,
        "numbers": [],
        "rows": rows,
    }
