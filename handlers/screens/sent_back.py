"""Returned figures, as those who reported them see them in the list of reports and in the report.

The letter about them may wait for the morning, or be far up in the chat by now.
"""

from collections.abc import Collection, Sequence
from typing import Final

from markupsafe import Markup

from figures.due import period_of_key
from figures.sent_back import SentBack
from handlers import asked_back
from handlers.buttons import choice
from handlers.messages import Choice, clip
from handlers.navigation import CorrectReturned, KeepReturned, ShowReport
from handlers.screens import checking
from handlers.viewer import Viewer
from questionnaires.interview import show_value
from questionnaires.questionnaire import Questionnaire
from storage.tables import FigureReturn, Submission

LISTED: Final = 4
"""How many figures the list of reports names."""
QUESTION: Final = 40
"""How many letters of a question stand on a button."""


def lines(
    viewer: Viewer, form: Questionnaire, report: Submission, rows: Sequence[FigureReturn]
) -> list[Markup]:
    """Return each returned figure of a report, with the reason."""
    return [line(viewer, form, report, row) for row in rows]


def line(viewer: Viewer, form: Questionnaire, report: Submission, row: FigureReturn) -> Markup:
    """ "↩️ Cán bộ nhờ xem lại: Bao nhiêu hộ đang dùng nước: 6 hộ. Lý do: …"."""
    return viewer.say("returned.waits", **figure(viewer, form, report, row))


def figure(viewer: Viewer, form: Questionnaire, report: Submission, row: FigureReturn) -> dict[str, str]:
    """Return what a sentence says of a returned figure: its question, its answer, and why it was returned."""
    return {
        "question": clip(asked_back.label(form, row.path, viewer.locale), checking.LABEL),
        "answer": show_value(form, row.path, str(report.answers.get(row.path, "")), viewer.locale),
        "reason": checking.return_reason(viewer, row),
    }


def ways(
    viewer: Viewer,
    form: Questionnaire,
    rows: Sequence[FigureReturn],
    kept: Collection[int],
    *,
    mends: bool = True,
) -> list[Choice]:
    """Return buttons to mend or, for the returns with the ids `kept`, keep each of these figures; several are told apart
    by their questions. `mends`: whether they can still be mended."""
    buttons = []
    for row in rows:
        of = f": {clip(asked_back.label(form, row.path, viewer.locale), QUESTION)}" if len(rows) > 1 else ""
        if mends:
            buttons.append(
                choice(f"{viewer.say('returned.button.mend').unescape()}{of}", CorrectReturned(row.id))
            )
        if row.id in kept:
            keep = viewer.say("returned.button.keep").unescape()
            buttons.append(choice(f"{keep}{of}", KeepReturned(row.id)))
    return buttons


def section(viewer: Viewer, waiting: Sequence[SentBack]) -> tuple[Markup, list[Choice]]:
    """Return everything that was returned, with a button to each report."""
    told = [
        Markup("\n").join([Markup("• ") + title(viewer, one), line(viewer, one.form, one.report, row)])
        for one in waiting
        for row in one.returned
    ]
    head = viewer.say("returned.list", n=len(told))
    buttons = [
        choice(viewer.say("returned.button.look", title=title(viewer, one)), ShowReport(one.report.id))
        for one in waiting
    ]
    return Markup("\n").join([head, *told[:LISTED]]), buttons


def title(viewer: Viewer, one: SentBack) -> str:
    """ "Nước sinh hoạt, tháng 11/2026"."""
    return f"{one.form.title(viewer.locale)}, {period_of_key(one.report.period).name(viewer.locale)}"
