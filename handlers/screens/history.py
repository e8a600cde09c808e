"""The history of a figure in words: when, in which role and on which channel; each revision, return and approval."""

from operator import attrgetter
from typing import Final

from markupsafe import Markup

from figures import access, evidence
from figures.due import period_of_key
from figures.history import Happening, History, may_see, of_figure
from handlers import asked_back
from handlers.buttons import choice
from handlers.messages import Choice, Reply, clip, column
from handlers.navigation import ShowHistory, ShowReport, WriteAboutReport
from handlers.screens import checking
from handlers.viewer import Viewer
from plans.period import Period
from questionnaires.interview import show_value
from questionnaires.questionnaire import Questionnaire
from storage import places, submissions
from storage.journal import JournalKind
from storage.tables import Place, Remark, Submission

LISTED: Final = 12
"""How many figures of a report get a button."""
LABEL: Final = 40
OF_OFFICERS: Final = (JournalKind.APPROVED, JournalKind.REOPENED, JournalKind.LOCKED, JournalKind.UNLOCKED)
REASONS: Final = {
    JournalKind.RETURNED: attrgetter("returning"),
    JournalKind.UNLOCKED: attrgetter("reopening"),
}
"""Where the reasons for what happened are among the plans' rules, if not with those for answers."""


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
        head = say("history.figure", question=clip(label, checking.LABEL), **facts)
        buttons = [choice(say("history.button.report"), ShowHistory(report.id))]
    else:
        head = say("history.report", **facts)
        buttons = figures(viewer, history.form, report)
    if history.speaks:
        about = "exchange.button.write" if history.path else "exchange.button.write_report"
        buttons.append(choice(say(about), WriteAboutReport(report.id, number_of(history))))
    buttons.append(choice(say("sent.button.look"), ShowReport(report.id)))
    return Reply(Markup("\n\n").join([head, *told(viewer, history)]), column(*buttons))


def told(viewer: Viewer, history: History) -> list[Markup]:
    """Return what happened and was said, the periods before, and how far it is checked, as far as the viewer may know."""
    parts = [Markup("\n").join(line(viewer, history, one) for one in happened(viewer, history))]
    if history.words:
        lines = (words_line(viewer, one, history.writers[one.id]) for one in history.words)
        parts.append(Markup("\n").join(lines))
    if history.before:
        parts.append(viewer.say("history.before", values=before(viewer, history)))
    if not is_heads(viewer):
        parts.append(checking.state(viewer, history.report))
    return parts


def reasons(viewer: Viewer, history: History) -> list[Markup]:
    """Return what happened to a figure for a reason that was given, each with that: what its village said when it was asked
    back, why it was returned, kept or sent in somebody's stead."""
    given = [one for one in happened(viewer, history) if one.reason or one.in_place or said_of(one)]
    return [line(viewer, history, one) for one in given]


def said_of(one: Happening) -> bool:
    """Whether a doubtful figure was sent with a reason."""
    return one.doubt is not None and bool(one.doubt.words or one.doubt.reason not in ("", asked_back.RIGHT))


def happened(viewer: Viewer, history: History) -> list[Happening]:
    """Return what happened to it; a village head is not told what officers do among themselves."""
    hidden = OF_OFFICERS if is_heads(viewer) else ()
    return [one for one in history.happened if one.kind not in hidden]


def number_of(history: History) -> int:
    """The figure's number in buttons; 0 for the whole report."""
    return paths_of(history.form, history.report).index(history.path) + 1 if history.path else 0


def words_line(viewer: Viewer, one: Remark, level: str) -> Markup:
    """Return one remark about it, by somebody of this level."""
    text = one.text or viewer.say("exchange.erased")
    who = checking.levels_in(viewer.say, level)["level"]
    return viewer.say("exchange.line", at=one.at.astimezone(viewer.zone), who=who, text=text)


def is_heads(viewer: Viewer) -> bool:
    """Whether the viewer is a village head, who is not bothered with what officers approve and lock."""
    return access.is_village_head(viewer) and not access.is_officer(viewer)


def paths_of(form: Questionnaire, report: Submission) -> list[str]:
    """Return the answers of a report in the order of the questions; buttons hold their numbers, from 1."""
    order = {question.path: at for at, question in enumerate(form.questions) if question.asks}
    return sorted((path for path in report.answers if path in order), key=lambda path: order[path])


async def figure_of(
    viewer: Viewer, place: Place, form_name: str, period: Period, question: str
) -> tuple[Submission, int] | None:
    """Return the report of a village for `period` with the number of its answer to `question`.

    None if there is no answer, or the viewer may not see it.
    """
    if not await may_see(viewer, place):
        return None
    report = await submissions.submission_of(viewer.session, place.id, form_name, period.key)
    if report is None:
        return None
    form = await viewer.library.form(viewer.session, report.form_id)
    names = [form.question(path).name for path in paths_of(form, report)]
    return (report, names.index(question) + 1) if question in names else None


async def reasons_of(viewer: Viewer, report: Submission, number: int) -> list[Markup]:
    """Return the reasons that are kept with a figure of a report, under what it is; [] for none."""
    form = await viewer.library.form(viewer.session, report.form_id)
    told = await of_figure(viewer, report, paths_of(form, report)[number - 1])
    given = reasons(viewer, told) if told is not None else []
    if told is None or not given:
        return []
    label = clip(asked_back.label(form, told.path, viewer.locale), checking.LABEL)
    period = period_of_key(report.period).label(viewer.locale)
    facts = {"place": places.own_name(told.place), "form": form.title(viewer.locale), "period": period}
    return [viewer.say("history.reasons", question=label, **facts), *given]


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
    """Return what the earlier periods said: "tháng 10/2026: 109 hộ; tháng 9/2026: 108 hộ"."""
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
    details = [
        *figure(viewer, history, one),
        *doubt(viewer, history, one),
        *checking.sent_in_place(viewer, one.in_place),
        *reason(viewer, one),
    ]
    return text + Markup("").join(Markup("\n   ") + detail for detail in details)


def who(viewer: Viewer, one: Happening) -> str:
    """Return the role, the name if it may be known, and the channel."""
    role = str(viewer.say(f"role.{one.role}")) if one.role else str(viewer.say("history.somebody"))
    return ", ".join(filter(None, (role, one.name, one.channel)))


def figure(viewer: Viewer, history: History, one: Happening) -> list[Markup]:
    """Return, in the history of a whole report, the figure that a return concerns."""
    if history.path or not one.path:
        return []
    return [Markup.escape(clip(asked_back.label(history.form, one.path, viewer.locale), checking.LABEL))]


def doubt(viewer: Viewer, history: History, one: Happening) -> list[Markup]:
    """Return what was unlikely in what was sent, and what its sender said."""
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
    return [
        viewer.say("history.doubt", evidence=told)
        + checking.reason(viewer, one.doubt, history.place, in_stead=one.said_in_stead)
    ]


def reason(viewer: Viewer, one: Happening) -> list[Markup]:
    """Return why a figure was returned, or kept."""
    if not one.reason:
        return []
    rules = viewer.plans.challenges
    known = REASONS.get(one.kind, attrgetter("reason"))(rules)
    given = next((it.named(viewer.locale) for it in known if it.id == one.reason), one.reason)
    return [viewer.say("challenge.reason", reason=given)]
