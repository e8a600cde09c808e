"""What an officer checks: the reports that came in, doubtful ones first, and a single report beside the one before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from figures import access, evidence, locking
from figures.awaiting import Awaiting
from figures.due import days_of, mended_until, period_of_key
from figures.handing_up import locks_periods
from handlers import asked_back, sentences
from handlers.buttons import (
    Button,
    FormName,
    Position,
    RowId,
    Second,
    ShortId,
    ShortIds,
    button,
    choice,
    short_name,
)
from handlers.menu import named
from handlers.messages import Choice, Reply, Rows, clip, column
from handlers.navigation import AskReopening, ShowHanded, ShowHistory, ShowReport, WriteAboutReport
from handlers.screens.paging import paged
from handlers.viewer import Viewer
from handlers.wording import Wording
from questionnaires.interview import show_value
from questionnaires.questionnaire import template
from storage import journal, places, returns, submissions
from storage.tables import ChallengeRow, FigureReturn, Level, Place, RoleName, Submission

SIZE: Final = 6
"""How many reports fit on a screen."""
FEW: Final = 4  # where each letter costs money
TEXT: Final = 2600
"""The most letters that the answers of one report take together."""
LABEL: Final = 90
"""How many letters of a question are shown in a line."""
WITHDRAWN: Final = 40
"""How many letters of a question fit on the button that takes its return back."""
FIGURES: Final = 8
"""How many figures of a report fit into the list."""
NAMED: Final = 50
"""How many letters of a question stand there."""
FORMS: Final = 5
"""How many questionnaires get a button of their own."""


@button("c:x:{returned}")
class WithdrawReturn(Button):
    """Take back a return that nobody has answered."""

    returned: RowId


@button("c:l:{first}", opens=True)
class ShowAwaiting(Button):
    """What there is to check, from the one of this number on."""

    first: Position = 0


@button("c:d:{place}", opens=True)
class ShowMonday(Button):
    """What a commune's officer has to do this week."""

    place: RowId


@button("c:r:{report}", opens=True)
class CheckReport(Button):
    """One report, to be approved or sent back."""

    report: ShortId


@button("c:a:{report}")
class Approve(Button):
    """Approve one report."""

    report: ShortId


@button("c:e:{report}")
class ApproveContested(Button):
    """Approve one's own correction, although the place disputes it."""

    report: ShortId


@button("c:u:{report}")
class Reopen(Button):
    """Take back a report's approval."""

    report: ShortId


@button("c:f:{form}")
class ApproveClear(Button):
    """Approve everything that is not doubtful, of one questionnaire or of all ("*")."""

    form: FormName


@button("c:i:{reports}")
class ApproveFirst(Button):
    """Approve these reports, the first of their kind, whose figures are on the screen."""

    reports: ShortIds


@button("c:v:{place}")
class ApproveVillage(Button):
    """Approve everything that one place has sent."""

    place: RowId


@button("c:o:{second}")
class UndoApproving(Button):
    """Take back what was approved in this second."""

    second: Second


@button("c:p:{report}", opens=True)
class PickFigure(Button):
    """Ask which figure to return."""

    report: ShortId


@button("c:b:{report}:{number}", opens=True)
class ReturnFigure(Button):
    """Ask why the figure of this number is returned."""

    report: ShortId
    number: Position


# --- the list -------------------------------------------------------------------------------------------


def page(
    viewer: Viewer, items: Sequence[Awaiting], first: int = 0, *before: Markup, brief: bool = False
) -> Reply:
    """The reports that wait, after the paragraphs `before`; if `brief`, figures stand in each report alone."""
    say = viewer.say
    if not items:
        none = Markup("\n\n").join([*before, say("check.none")])
        return Reply(none, (*locking_button(viewer), *monday_button(viewer)))
    here = paged(items, first, FEW if brief else SIZE)
    lines = [line(viewer, item) for item in here.here if not (brief and (item.clear or item.unheld))]
    rows: list[tuple[Choice, ...]] = [(open_button(viewer, item),) for item in here.here]
    rows += here.turning(viewer, "check.button.before", "check.button.after", ShowAwaiting)
    rows += () if brief else first_button(viewer, here.here)
    rows += clear_buttons(viewer, items, brief=brief)
    rows += [*locking_button(viewer), *monday_button(viewer)]
    text = Markup("\n\n").join(
        [*before, head(viewer, items, brief=brief), *here.told(viewer, "check.which"), *lines]
    )
    return Reply(text, tuple(rows))


def head(viewer: Viewer, items: Sequence[Awaiting], *, brief: bool) -> Markup:
    """Return how many reports wait, how many are doubtful, and how many are clear only since nothing is known of before."""
    doubtful = sum(item.doubtful for item in items)
    key = "check.head" if doubtful else "check.head_clear"
    first_ones = sum(item.unheld for item in items)
    told = "check.first_ones_brief" if brief else "check.first_ones"
    counts = sentences.of_counts(viewer, [(told, first_ones)])
    return Markup("\n").join([viewer.say(key, n=len(items), doubtful=doubtful), *counts])


def first_button(viewer: Viewer, shown: Sequence[Awaiting]) -> Rows:
    """Return the button that approves the reports on the screen that are the first of their kind and show their figures."""
    ids = tuple(item.report.id for item in shown if item.unheld and figures_of(item))
    return column(
        *([choice(viewer.say("check.button.firsts", n=len(ids)), ApproveFirst(ids))] if ids else [])
    )


def figures_of(item: Awaiting) -> list[str]:
    """Return the answers of a report, if all of them fit into the list; else none."""
    paths = paths_of(item)
    return paths if len(paths) <= FIGURES else []


def monday_button(viewer: Viewer) -> Rows:
    """What a commune's officer has to do this week besides."""
    roles = access.holds(viewer, RoleName.COMMUNE_OFFICER)
    return column(*(named(viewer, "menu.button.viectuan", ShowMonday(role.place_id)) for role in roles[:1]))


def locking_button(viewer: Viewer) -> Rows:
    """Return the button to what may be locked, for those above the officers who approve."""
    return column(*([named(viewer, "locking.button.list", ShowHanded())] if locks_periods(viewer) else []))


def clear_buttons(viewer: Viewer, items: Sequence[Awaiting], *, brief: bool) -> Rows:
    """Return the button that approves all that is clear, and unless `brief` one for each of several questionnaires."""
    forms = {item.form.name: item.form for item in items if item.clear}
    counted = Counter(item.form.name for item in items if item.clear)
    labels = {"*": viewer.say("check.button.clear", n=counted.total())} if counted else {}
    for name, n in counted.most_common(FORMS if len(counted) > 1 and not brief else 0):
        title = forms[name].title(viewer.locale)
        labels[short_name(name)] = viewer.say("check.button.form", form=title, n=n)
    return column(*(choice(label, ApproveClear(name)) for name, label in labels.items()))


def title(viewer: Viewer, item: Awaiting) -> str:
    """ "Nà Hin, Nước sinh hoạt, tháng 11/2026"."""
    period = period_of_key(item.report.period).label(viewer.locale)
    return f"{places.own_name(item.place)}, {item.form.title(viewer.locale)}, {period}"


def line(viewer: Viewer, item: Awaiting) -> Markup:
    """Return a report in the list: what is doubtful in it, and the reason that was given."""
    say = viewer.say
    clear = item.clear or item.unheld
    head = say("check.line_clear" if clear else "check.line", title=title(viewer, item))
    if item.first:
        head += " " + say("check.line_first")
    if item.returned:
        head += " " + say("check.line_returned", n=len(item.returned))
    return Markup("\n").join([head, *doubt_lines(viewer, item), *first_lines(viewer, item)])


def first_lines(viewer: Viewer, item: Awaiting) -> list[Markup]:
    """Return the figures of a report that is the first of its kind: nothing else would reveal a slip in it."""
    if not item.unheld:
        return []
    return [
        viewer.say(
            "check.figure",
            label=clip(asked_back.label(item.form, path, viewer.locale), NAMED),
            answer=clip(shown_of(viewer, item, path, str(item.report.answers[path])), NAMED),
        )
        for path in figures_of(item)
    ]


def doubt_lines(viewer: Viewer, item: Awaiting) -> list[Markup]:
    """Return what to look at in a report: first, that its place disputes it."""
    told = [viewer.say("check.contested")] if item.contested else []
    return [*told, *(doubt_line(viewer, item, path) for path in item.doubts)]


def doubt_line(viewer: Viewer, item: Awaiting, path: str) -> Markup:
    """Return one doubtful figure: what it was checked against, and the reason."""
    row = item.doubts[path]
    held = told(viewer, item, row)
    question = f"{clip(asked_back.label(item.form, path, viewer.locale), LABEL)}: " if path else ""
    return viewer.say("check.doubt", question=question, evidence=held) + reason(
        viewer, row, item.place, in_stead=path in item.stead
    )


def told(viewer: Viewer, item: Awaiting, row: ChallengeRow) -> Markup:
    """Return what a doubtful figure was checked against."""
    value = str(item.report.answers.get(row.path, ""))
    challenge = evidence.challenge_in(row.detail)
    return asked_back.sentence(viewer.plans.challenges, viewer.locale, item.form, row.path, value, challenge)


def reason(viewer: Viewer, row: ChallengeRow, place: Place, *, in_stead: bool) -> Markup:
    """Return what was said about it by its place, or by whoever reported in its stead; "" for nothing."""
    given = asked_back.reason_named(viewer.plans.challenges, row, viewer.locale)
    if given:
        key = "check.reason_in_stead" if in_stead else "challenge.reason"
        return " " + viewer.say(key, reason=clip(given, LABEL))
    if not row.reason:
        return Markup()
    key = "check.said_right_in_stead" if in_stead else "check.said_right"
    return " " + viewer.say(key, who=viewer.say(f"progress.level.{place.level}"))


def open_button(viewer: Viewer, item: Awaiting) -> Choice:
    """The button to one report."""
    return choice(title(viewer, item), CheckReport(item.report.id))


# --- one report -----------------------------------------------------------------------------------------


def paths_of(item: Awaiting) -> list[str]:
    """Return the answers that a person gave, in the order of the questions; buttons hold their numbers."""
    asking = {question.path for question in item.form.questions if question.asks}
    asked = [path for path, value in item.report.answers.items() if value != "" and template(path) in asking]
    return sorted(asked, key=item.form.place_of)


async def report_page(viewer: Viewer, item: Awaiting, *before: Markup, others: int = 0) -> Reply:
    """Return one report beside the one before; `others`: how many more from the same place wait."""
    say, report = viewer.say, item.report
    at = report.sent_at.astimezone(viewer.zone)
    head = say("check.report", title=title(viewer, item), receipt=report.receipt, at=at)
    previous = await submissions.latest_values(
        viewer.session, report.place_id, report.form_name, report.period
    )
    first = [say("check.first")] if item.first else []
    parts = [
        *before,
        head,
        Markup("\n").join([state(viewer, report), *first, *too_late(viewer, item)]),
        answers(viewer, item, previous),
    ]
    parts.append(Markup("\n").join(doubt_lines(viewer, item)))
    kept = await returns.kept_of(viewer.session, report)
    stead = await journal.kept_in_stead(viewer.session, report) if kept else ()
    parts += [kept_line(viewer, item, row, in_stead=row.path in stead) for row in kept]
    parts += [returned_line(viewer, item, row) for row in item.returned]
    ways = [*await reopening(viewer, item), *actions(viewer, item, others)]
    return Reply(Markup("\n\n").join(filter(None, parts)), column(*ways))


async def reopening(viewer: Viewer, item: Awaiting) -> list[Choice]:
    """The way to have a locked report reopened."""
    if item.report.locked_at is None:
        return []
    period = period_of_key(item.report.period)
    lock = await locking.lock_of(viewer, item.place, item.report.form_name, period)
    return [choice(viewer.say("locking.told.button"), AskReopening(lock.id))] if lock else []


def state(viewer: Viewer, report: Submission) -> Markup:
    """Return whether its figures are provisional or approved, and that it was sent on somebody's behalf."""
    said = []
    if report.approved_at is None:
        said.append(viewer.say("check.provisional"))
    else:
        said.append(viewer.say("check.approved", at=report.approved_at.astimezone(viewer.zone)))
    if report.locked_at is not None:
        said.append(viewer.say("check.locked", at=report.locked_at.astimezone(viewer.zone)))
    return Markup("\n").join([*said, *sent_in_place(viewer, report.in_place)])


def sent_in_place(viewer: Viewer, given: str) -> list[Markup]:
    """Return the lines that say that a report was sent on somebody's behalf and, if that was asked, why."""
    if not given:
        return []
    if given == "-":
        return [viewer.say("history.in_place")]
    return [viewer.say("check.in_place", reason=in_place_named(viewer, given))]


def in_place_named(viewer: Viewer, given: str) -> str:
    """Return in words why a report was sent on somebody's behalf."""
    reasons = viewer.plans.challenges.in_place
    return next((one.named(viewer.locale) for one in reasons if one.id == given), given)


def answers(viewer: Viewer, item: Awaiting, previous: Mapping[str, str]) -> Markup:
    """Return the numbered answers, each with the earlier one if that differs."""
    paths = paths_of(item)
    room = max(24, TEXT // max(1, len(paths)) - 24)
    lines = []
    for number, path in enumerate(paths, 1):
        shown = shown_of(viewer, item, path, str(item.report.answers[path]))
        label = clip(asked_back.label(item.form, path, viewer.locale), min(LABEL, room))
        text = viewer.say("interview.line", number=number, label=label, answer=clip(shown, min(LABEL, room)))
        was = str(previous.get(path, ""))
        if was and was != str(item.report.answers[path]):
            text += " " + viewer.say("review.was", before=shown_of(viewer, item, path, was))
        lines.append(text)
    return Markup("\n").join(lines)


def shown_of(viewer: Viewer, item: Awaiting, path: str, value: str) -> str:
    """A value as it is read."""
    return show_value(item.form, path, value, viewer.locale)


def returned_line(viewer: Viewer, item: Awaiting, row: FigureReturn) -> Markup:
    """Return a figure that was returned and waits for an answer."""
    label = clip(asked_back.label(item.form, row.path, viewer.locale), LABEL)
    at = row.asked_at.astimezone(viewer.zone)
    names = levels_in(viewer.say, item.place.level)
    here = "check.waits_nobody" if item.silent else "check.waits"
    key = here if may_return(viewer, item) else "check.waits_in_vain"
    return viewer.say(key, question=label, at=at, reason=return_reason(viewer, row), **names)


def kept_line(viewer: Viewer, item: Awaiting, row: FigureReturn, *, in_stead: bool) -> Markup:
    """Return a figure that was returned and that its place, or an officer in its stead, confirmed: the reason is shown
    beside what is approved."""
    label = clip(asked_back.label(item.form, row.path, viewer.locale), LABEL)
    known = viewer.plans.challenges.reason
    given = next(
        (one.named(viewer.locale) for one in known if one.id == row.answer_reason), row.answer_reason
    )
    names = levels_in(viewer.say, item.place.level)
    key = "check.kept_in_stead" if in_stead else "check.kept"
    return viewer.say(key, question=label, reason=given, **names)


def levels_in(say: Wording, level: str) -> dict[str, object]:
    """Return a level's name within a sentence, and as one begins with it."""
    key = "check.office" if level == Level.NATION else f"progress.level.{level}"
    return {"level": say(key), "who": say(f"check.who.{level}")}


def return_reason(viewer: Viewer, row: FigureReturn) -> str:
    """Return in words why a figure was returned."""
    reasons = viewer.plans.challenges.returning
    return row.words or next((one.named(viewer.locale) for one in reasons if one.id == row.reason), "")


def decisions(viewer: Viewer, item: Awaiting) -> list[Choice]:
    """Return what may be decided about a report in its state: approved, locked, or waiting."""
    report = item.report
    if report.approved_at is not None:
        # What is locked is opened by those above, the period as a whole.
        return [] if report.locked_at else [named(viewer, "check.button.reopen", Reopen(report.id))]
    if not report.current:
        return []
    approving = ways_to_approve(viewer, item)
    if not may_return(viewer, item):
        return approving
    return [*approving, named(viewer, "check.button.return", PickFigure(report.id))]


def ways_to_approve(viewer: Viewer, item: Awaiting) -> list[Choice]:
    """Return the button to approve a report; while a figure waits for its answer, only those to take the return back."""
    waiting = [withdraw(viewer, item, row) for row in item.returned]
    return waiting or [named(viewer, "check.button.approve", Approve(item.report.id))]


def may_return(viewer: Viewer, item: Awaiting) -> bool:
    """Return whether a figure of a report may be sent back, and then corrected, today."""
    return viewer.today <= returned_until(viewer, item)


def returned_until(viewer: Viewer, item: Awaiting) -> date:
    """Return the last day on which a figure of a report may be sent back: as long as a late report is taken, or some days
    after its period was reopened."""
    period = period_of_key(item.report.period)
    until = mended_until(days_of(viewer, item.place, item.form.name, period), period, returned=True)
    return max(filter(None, (until, item.open_until)))


def too_late(viewer: Viewer, item: Awaiting) -> list[Markup]:
    """Return the sentence that nothing of a report can be sent back any more, and since which day; [] while it can be."""
    decided = item.report.approved_at is not None or item.report.locked_at is not None
    if decided or may_return(viewer, item):
        return []
    return [viewer.say("check.closed", day=returned_until(viewer, item) + timedelta(days=1))]


def actions(viewer: Viewer, item: Awaiting, others: int) -> list[Choice]:
    """What may be done with a report."""
    report = item.report
    ways = decisions(viewer, item)
    who = viewer.say(f"progress.level.{item.place.level}")
    if others:
        label = viewer.say("check.button.village", n=others + 1, who=who)
        ways.append(choice(label, ApproveVillage(report.place_id)))
    ways.append(choice(viewer.say("exchange.button.to", who=who), WriteAboutReport(report.id)))
    ways.append(named(viewer, "check.button.history", ShowHistory(report.id)))
    ways.append(named(viewer, "check.button.all", ShowReport(report.id)))
    ways.append(named(viewer, "check.button.list", ShowAwaiting()))
    return ways


def withdraw(viewer: Viewer, item: Awaiting, row: FigureReturn) -> Choice:
    """Return the button that takes back the return of a figure."""
    question = asked_back.label(item.form, row.path, viewer.locale)
    return choice(
        viewer.say("check.button.withdraw_of", question=clip(question, WITHDRAWN)), WithdrawReturn(row.id)
    )


def pick_page(viewer: Viewer, item: Awaiting) -> Reply:
    """Ask which figure to return, doubtful ones first."""
    paths = paths_of(item)
    order = sorted(range(len(paths)), key=lambda at: paths[at] not in item.doubts)
    waiting = {row.path for row in item.returned}
    buttons = [
        choice(
            f"{at + 1}. {clip(asked_back.label(item.form, paths[at], viewer.locale), 30)}: "
            f"{clip(shown_of(viewer, item, paths[at], str(item.report.answers[paths[at]])), 20)}",
            ReturnFigure(item.report.id, at),
        )
        for at in order
        if paths[at] not in waiting
    ]
    back = named(viewer, "check.button.back", CheckReport(item.report.id))
    text = viewer.say("check.pick", title=title(viewer, item))
    return Reply(text, column(*buttons), column(back))
