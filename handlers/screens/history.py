"""The history of a figure in words: when, in which role and on which channel, each revision, return and approval."""

from typing import Final

from markupsafe import Markup

from figures import evidence
from figures.due import period_of_key
from figures.history import Happening, History, may_see
from handlers import asked_back
from handlers.buttons import choice
from handlers.messages import Choice, Reply, clip, column
from handlers.navigation import ShowHistory, ShowReport
from handlers.screens import checking
from handlers.viewer import Viewer
from questionnaires.interview import show_value
from questionnaires.questionnaire import Questionnaire
from storage import figures as values
from storage import places
from storage.journal import JournalKind
from storage.tables import Level, Place, Submission

LISTED: Final = 12
"""So many figures of a report have a button."""
LABEL: Final = 40


def page(viewer: Viewer, history: History) -> Reply:
    """The history of one figure, or of a report with its figures as buttons."""
    say, report = viewer.say, history.report
    period = period_of_key(report.period).label(viewer.locale)
    facts = {
        "place": places.own_name(history.place),
        "form": history.form.title(viewer.locale),
        "period": period,
    }
    if history.path:
        label = asked_back.label(history.form, history.path, viewer.locale)
        parts = [say("history.figure", question=clip(label, checking.LABEL), **facts)]
    else:
        parts = [say("history.report", **facts)]
    parts.append(Markup("\n").join(line(viewer, history, one) for one in history.happened))
    if history.before:
        parts.append(say("history.before", values=before(viewer, history)))
    parts.append(checking.state(viewer, report))
    buttons = [] if history.path else figures(viewer, history.form, report)
    if history.path:
        buttons.append(choice(say("history.button.report"), ShowHistory(report.id)))
    buttons.append(choice(say("sent.button.look"), ShowReport(report.id)))
    return Reply(Markup("\n\n").join(parts), column(*buttons))


def paths_of(form: Questionnaire, report: Submission) -> list[str]:
    """The answers of a report in the order of the questions; their numbers stand in buttons, from 1."""
    order = {question.path: at for at, question in enumerate(form.questions) if question.asks}
    return sorted((path for path in report.answers if path in order), key=lambda path: order[path])


async def button_of(viewer: Viewer, place: Place, question: str) -> list[Choice]:
    """The button to the history of a village's newest answer to `question`; none for who may not see it."""
    if place.level != Level.VILLAGE or not await may_see(viewer, place):
        return []
    latest = await values.latest(viewer.session, [place.id], [question], viewer.today)
    value = latest.get(place.id, {}).get(question)
    report = await viewer.session.get(Submission, value.submission_id) if value else None
    if report is None:
        return []
    form = await viewer.library.form(viewer.session, report.form_id)
    names = [form.question(path).name for path in paths_of(form, report)]
    if question not in names:
        return []
    return [choice(viewer.say("check.button.history"), ShowHistory(report.id, names.index(question) + 1))]


def figures(viewer: Viewer, form: Questionnaire, report: Submission) -> list[Choice]:
    """A button for the history of each figure."""
    return [
        choice(
            f"{number}. {clip(asked_back.label(form, path, viewer.locale), LABEL)}",
            ShowHistory(report.id, number),
        )
        for number, path in enumerate(paths_of(form, report)[:LISTED], 1)
    ]


def before(viewer: Viewer, history: History) -> str:
    """What the periods before said: "tháng 10/2026: 109 hộ; tháng 9/2026: 108 hộ"."""
    return "; ".join(
        f"{period_of_key(period).label(viewer.locale)}: {show_value(history.form, history.path, value, viewer.locale)}"
        for period, value in history.before
    )


def line(viewer: Viewer, history: History, one: Happening) -> Markup:
    """One thing that happened."""
    value = show_value(history.form, history.path, one.value, viewer.locale) if one.value else ""
    key = f"history.{one.kind}_value" if value else f"history.{one.kind}"
    at = one.at.astimezone(viewer.zone)
    text = viewer.say(key, at=at, who=who(viewer, one), value=value)
    details = [*doubt(viewer, history, one), *in_place(viewer, one), *reason(viewer, one)]
    return text + Markup("").join(Markup("\n   ") + detail for detail in details)


def who(viewer: Viewer, one: Happening) -> str:
    """In which role, under which name where that may be known, and on which channel."""
    role = str(viewer.say(f"role.{one.role}")) if one.role else str(viewer.say("history.somebody"))
    return ", ".join(filter(None, (role, one.name, one.channel)))


def doubt(viewer: Viewer, history: History, one: Happening) -> list[Markup]:
    """What was unlikely in what was sent, and what its sender said."""
    if one.doubt is None:
        return []
    told = asked_back.sentence(
        viewer.plans.challenges,
        viewer.locale,
        history.form,
        history.path,
        one.value,
        evidence.challenge_in(one.doubt.detail),
    )
    return [viewer.say("history.doubt", evidence=told) + checking.reason(viewer, one.doubt)]


def in_place(viewer: Viewer, one: Happening) -> list[Markup]:
    """That it was sent in somebody's place, and why."""
    if not one.in_place:
        return []
    if one.in_place == "-":
        return [viewer.say("history.in_place")]
    return [viewer.say("check.in_place", reason=checking.in_place_named(viewer, one.in_place))]


def reason(viewer: Viewer, one: Happening) -> list[Markup]:
    """Why a figure was sent back, or kept."""
    if not one.reason:
        return []
    rules = viewer.plans.challenges
    known = rules.returning if one.kind == JournalKind.RETURNED else rules.reason
    given = next((it.named(viewer.locale) for it in known if it.id == one.reason), one.reason)
    return [viewer.say("challenge.reason", reason=given)]
