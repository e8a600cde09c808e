"""The "Báo cáo" screen: what each of my places is asked now, what is under way, what was sent.

A questionnaire stands here from the day it is first asked until it can no longer be sent (`plans.schedule.Entry`).
So several periods of one questionnaire may stand here: those before only while they are missing, or are being
corrected. What is in time comes first, then what is late, then what was sent. When the screen gets long, what is
in time stands there with the latest of what is late; of the others only how many there are.

What the receipt, the reminders, the weekly summary and the buttons call asked, sent or late is what stands here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from figures import access
from figures.programmes import programmes_asking
from handlers.buttons import to_base36
from handlers.interviewing.sitting import LABEL, closing_of, is_over, period_of_key, taken_until
from handlers.messages import Choice, clip
from handlers.turn import Turn
from plans.period import Period, from_key
from plans.schedule import GRACE, Entry, Window
from questionnaires.questionnaire import Questionnaire
from storage import announcements, interviews, remembered, submissions
from storage.tables import InterviewRow, InterviewStatus, Level, Place, RoleName, Submission

REPORTING: Final = (
    RoleName.VILLAGE_HEAD,
    RoleName.COMMUNE_OFFICER,
    RoleName.DISTRICT_OFFICER,
    RoleName.PROVINCE_OFFICER,
)
"""Who answers the questionnaires that the schedule asks of their own place."""
LINES: Final = 6
"""With more lines than these not all stand on the screen."""
LATE: Final = 2
"""So many late ones then do."""
LASTING: Final = timedelta(days=40 + GRACE)
"""What was asked beyond the schedule longer ago is over: it counted for a month, and some days to finish it."""
SOON: Final = timedelta(days=7)
"""What is asked from a day so near on is told beforehand."""


@dataclass(frozen=True)
class Asked:
    """One questionnaire that one place is asked in one period, and how far it is."""

    place: Place
    form_id: int
    form: Questionnaire
    entry: Entry
    period: Period
    sent: Submission | None = None
    mine: InterviewRow | None = None
    """This person's own interview about it, under way."""

    @property
    def until(self) -> date:
        """The last day on which it may be sent."""
        return self.entry.closes(self.period)

    def late(self, day: date) -> bool:
        """Whether it is missing on `day` although the time for it is over."""
        return self.sent is None and self.entry.late(self.period, day)


def days_of(turn: Turn, place: Place, form: str, period: Period) -> Entry:
    """By which days a report of `place` for `period` is in time, late, or taken no more."""
    return turn.library.plans.days_of(form, place.level, period)


async def due(turn: Turn) -> None:
    """What is due at all places of this person."""
    own = await own_places(turn)
    if not own:
        turn.reply(turn.say("due.no_place"))
        return
    await show(turn, own)


async def own_places(turn: Turn) -> list[Place]:
    """The places for which this person answers, each once."""
    wanted = dict.fromkeys(role.place_id for role in access.holds(turn.view, *REPORTING))
    found = [await remembered.place(turn.session, place_id) for place_id in wanted]
    return [place for place in found if place is not None]


async def show(turn: Turn, own: Sequence[Place], *before: Markup, everything: bool = False) -> None:
    """What `own` are asked, grouped by place, one button for each line; `everything`: however many lines."""
    parts = [*before, turn.say("due.head")]
    buttons: list[Choice] = []
    under_way = await interviews.list_open(turn.session, turn.contact.person_id or 0)
    several = len(own) > 1
    elsewhere = {row.id: row for row in under_way}
    for place in own:
        asked = await asked_of(turn, place, under_way)
        for each in asked:
            if each.mine:
                elsewhere.pop(each.mine.id, None)
        shown = asked if everything else foremost(turn, asked)
        lines = [line(turn, each) for each in shown]
        if not any(each.sent is None for each in asked):
            lines.insert(0, turn.say("due.nothing"))
        hidden = [each for each in asked if each not in shown]
        if late := sum(each.sent is None for each in hidden):
            lines.append(turn.say("due.hidden_late", n=late))
        if len(hidden) > late:
            lines.append(turn.say("due.hidden", n=len(hidden) - late))
        lines += await coming(turn, place)
        parts.append(Markup("\n").join([turn.say("due.place", place=named(place)), *lines]))
        buttons += [button(turn, each, several) for each in shown]
        if hidden:
            text = turn.say("due.button.every", n=len(asked)).unescape()
            buttons.append(Choice(clip(f"{text} – {place.name}" if several else text, LABEL), every(place)))
    ended = [row for row in under_way if expired(turn, row)]
    going = [row for row in elsewhere.values() if row not in ended]
    if going:
        closed = [await closed_line(turn, row) for row in going if turn.today > closing_of(turn, row)]
        parts.append(Markup("\n").join([turn.say("due.elsewhere"), *closed]))
        buttons += [await row_button(turn, row, "due.button.go_on") for row in going]
    if ended:
        parts.append(turn.say("due.ended", n=len(ended)))
        buttons += [await row_button(turn, row, "due.button.ended") for row in ended]
    turn.reply(Markup("\n\n").join(parts), choices=tuple((each,) for each in buttons))


def foremost(turn: Turn, asked: Sequence[Asked]) -> list[Asked]:
    """Of `asked` what a long screen shows: what is in time, sent or not, under way, or late not long ago."""
    if len(asked) <= LINES:
        return list(asked)
    late = [each for each in asked if each.late(turn.today) and each.mine is None]
    late = sorted(late, key=lambda each: each.entry.due(each.period))[: max(len(late) - LATE, 0)]
    over = [each for each in asked if each.sent is not None and turn.today > each.entry.due(each.period)]
    return [each for each in asked if each not in late and (each not in over or each.mine is not None)]


async def entries_of(turn: Turn, place: Place) -> list[Entry]:
    """What the schedule asks of `place`, and the plans that cover it, of the questionnaires in use."""
    active = await turn.library.active_forms(turn.session)
    programmes = await programmes_asking(turn.view, place)
    asked = turn.library.plans.asked_of(place.level, programmes)
    return [entry for entry in asked if entry.form in active]


async def open_today(turn: Turn, place: Place) -> list[tuple[Entry, Period]]:
    """Every report that the schedule asks of `place` and that can be begun today, sent or not."""
    return [
        (entry, period)
        for entry in await entries_of(turn, place)
        for period in entry.asked_on(turn.today)
        if not ended(place, period)
    ]


async def asked_of(turn: Turn, place: Place, under_way: Sequence[InterviewRow] = ()) -> list[Asked]:
    """What `place` can report today, each questionnaire with the state of its report: first what is in time,
    then what is late, then what was sent."""
    asked = await open_today(turn, place)
    active = await turn.library.active_forms(turn.session)
    since = min((period.end for _, period in asked), default=turn.today)
    forms = {entry.form for entry, _ in asked}
    current = await submissions.current_of(turn.session, place.id, forms, since) if asked else {}
    mine = {(row.place_id, row.form_name, row.period): row for row in reversed(under_way)}
    found = []
    for entry, period in asked:
        sent = current.get((entry.form, period.key))
        own = mine.get((place.id, entry.form, period.key))
        if sent is None or own is not None or period == entry.period(turn.today):
            found.append(Asked(place, *active[entry.form], entry, period, sent, own))
    found += await on_request(turn, place, mine)
    return sorted(found, key=lambda each: (each.sent is not None, each.late(turn.today)))


async def on_request(
    turn: Turn, place: Place, mine: Mapping[tuple[int, str, str], InterviewRow]
) -> list[Asked]:
    """What officers have asked a village beyond the schedule and it has not sent yet."""
    if place.level != Level.VILLAGE:
        return []
    rows = await announcements.asked(turn.session, turn.now - LASTING)
    ids = await remembered.holders(turn.session, place.id, turn.today) if rows else []
    found: dict[tuple[str, str], Asked] = {}
    for row in (each for each in rows if each.place_id in ids):
        key, period = (row.form_name, row.period), from_key(row.period)
        active = await turn.library.active_forms(turn.session)
        days = days_of(turn, place, row.form_name, period)
        if key in found or row.form_name not in active or turn.today > days.closes(period):
            continue
        number, form = active[row.form_name]
        own = mine.get((place.id, *key))
        sent = await submissions.submission_of(turn.session, place.id, *key)
        found[key] = Asked(place, number, form, days, period, sent, own)
    return [each for each in found.values() if each.sent is None]


def ended(place: Place, period: Period) -> bool:
    """Whether a village or commune was closed before the period began: what it went into is asked instead.

    A former district or province is still asked for its ground, for which a plan may hold to this day.
    """
    closed = place.last_day if place.level in (Level.VILLAGE, Level.COMMUNE) else None
    return closed is not None and closed < period.start


async def coming(turn: Turn, place: Place) -> list[Markup]:
    """A line about what is asked next, if that is in the coming days."""
    found = []
    for entry in await entries_of(turn, place):
        period = entry.period(turn.today)
        if entry.window(period, turn.today) is not Window.AHEAD:
            period = period.next()
        if not ended(place, period):
            found.append((entry.opens(period), entry.form))
    first = min((day for day, _ in found), default=date.max)
    if first > turn.today + SOON:
        return []
    active = await turn.library.active_forms(turn.session)
    titles = ", ".join(active[form][1].title(turn.locale) for day, form in found if day == first)
    return [turn.say("due.coming", forms=titles, day=first)]


async def can_be_sent(turn: Turn, place: Place, form: str, period: Period) -> bool:
    """Whether a report of `place` for `period` can be begun today; what no schedule asks, until it closes."""
    if ended(place, period):
        return False
    if turn.library.plans.entry(form) is None:
        return turn.today <= days_of(turn, place, form, period).closes(period)
    return any((entry.form, asked) == (form, period) for entry, asked in await open_today(turn, place))


def line(turn: Turn, asked: Asked) -> Markup:
    """One questionnaire of one period in words."""
    title = {"form": asked.form.title(turn.locale), "period": asked.period.label(turn.locale)}
    if asked.sent is not None and asked.mine is not None:
        return turn.say("due.line.correcting", **title, until=asked.until)
    if asked.sent is not None:
        at = asked.sent.sent_at.astimezone(turn.zone)
        return turn.say("due.line.sent", **title, receipt=asked.sent.receipt, at=at)
    late = asked.late(turn.today)
    if asked.mine is not None:
        key = "due.line.under_way_late" if late else "due.line.under_way"
    else:
        key = "due.line.overdue" if late else "due.line.due"
    return turn.say(key, **title, until=asked.entry.due(asked.period))


def short(turn: Turn, asked: Asked) -> str:
    """Questionnaire, period, and the last day to send it in time: "Nhà ở, quý IV/2026 (hạn 05/12/2026)"."""
    form = f"{asked.form.title(turn.locale)}, {asked.period.name(turn.locale)}"
    return turn.say("due.short", form=form, until=asked.entry.due(asked.period)).unescape()


def button(turn: Turn, asked: Asked, several: bool) -> Choice:
    """What to do about one line."""
    form = asked.form.title(turn.locale)
    if asked.period != asked.entry.period(turn.today):
        form = f"{form}, {asked.period.name(turn.locale)}"
    if several:
        form = f"{form} – {asked.place.name}"
    if asked.mine is not None:
        return Choice(label(turn, "due.button.go_on", form), f"q:{to_base36(asked.mine.id)}:0:r")
    if asked.sent is not None:
        return Choice(label(turn, "due.button.look", form), f"d:v:{to_base36(asked.sent.id)}")
    return Choice(label(turn, "due.button.begin", form), data_of("b", asked))


def data_of(op: str, asked: Asked) -> str:
    """The data of a button about what a place is asked."""
    return f"d:{op}:{to_base36(asked.place.id)}:{to_base36(asked.form_id)}:{asked.period.key}"


def label(turn: Turn, key: str, form: str) -> str:
    return clip(turn.say(key, form=form).unescape(), LABEL)


def named(place: Place) -> str:
    """ "thôn Nà Hin"."""
    return f"{place.kind} {place.name}".strip()


def expired(turn: Turn, row: InterviewRow) -> bool:
    """Whether `row` can no longer be sent; if so, it is marked: kept to be looked at."""
    if row.practice or not is_over(turn, row, row.extra):
        return False
    row.status = InterviewStatus.EXPIRED
    return True


async def closed_line(turn: Turn, row: InterviewRow) -> Markup:
    """Until when an interview whose period has closed may still be finished."""
    form = await turn.library.form(turn.session, row.form_id)
    period = period_of_key(row.period).label(turn.locale)
    return turn.say(
        "due.line.finish", form=form.title(turn.locale), period=period, until=taken_until(turn, row)
    )


async def row_button(turn: Turn, row: InterviewRow, key: str) -> Choice:
    """The button of an interview that is none of the lines: of another place, or ended."""
    form = await turn.library.form(turn.session, row.form_id)
    place, period = row.extra.get("place", ""), period_of_key(row.period).name(turn.locale)
    title = ", ".join(part for part in (form.title(turn.locale), place, period) if part)
    return Choice(label(turn, key, title), f"q:{to_base36(row.id)}:0:r")


def every(place: Place) -> str:
    """The data of the button that shows all that `place` is asked and has sent."""
    return f"d:e:{to_base36(place.id)}"


def list_button(turn: Turn) -> Choice:
    """The button that leads to this screen."""
    return Choice(turn.say("due.button.list").unescape(), "d:")
