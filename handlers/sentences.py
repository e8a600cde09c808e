"""Sentences that several screens and letters say alike."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from figures import access, completeness
from figures.coverage import Coverage
from figures.due import period_of_key
from handlers.viewer import Viewer
from plans.schedule import Entry
from storage import submissions
from storage.approvals import Approvals
from storage.tables import Place, Submission


def of_coverage(viewer: Viewer, coverage: Coverage) -> Markup:
    """One line: how many of the villages have sent a questionnaire, and how many of these late."""
    key = "officer.coverage_late" if coverage.late else "officer.coverage"
    label = coverage.owed.label(viewer.locale)
    counts = {"reported": coverage.reported, "expected": coverage.expected, "late": coverage.late}
    return viewer.say(key, form=label, **counts) + of_approvals(viewer, coverage.approvals, "brief")


def of_approvals(viewer: Viewer, approvals: Approvals, how: str = "full") -> Markup:
    """How far reports are approved, for an officer: nobody else has to know the words. In `brief` only what was done."""
    if not approvals.state or not access.is_officer(viewer):
        return Markup()
    if how == "brief" and approvals.state == "provisional":
        return Markup()
    counts = {"approved": approvals.approved, "reports": approvals.reports}
    return viewer.say(f"approval.{how}.{approvals.state}", **counts)


async def late_note(viewer: Viewer, submission: Submission, days: Entry) -> Markup:
    """The sentence that a report first came after it was due, by these `days`; "" where it came in time."""
    period = period_of_key(submission.period)
    first = await submissions.first_sent(viewer.session, submission)
    late = days.late_at(period, first.astimezone(viewer.zone))
    return viewer.say("sent.late", due=days.deadline(period)) if late else Markup()


async def of_listed(viewer: Viewer, place: Place) -> Markup:
    """How many communes of a place have villages in the list; "" where all have."""
    listed = await completeness.listed(viewer, place)
    return viewer.say("asking.listed_so_far", n=listed.some, count=listed.every) if listed else Markup()


def of_counts(viewer: Viewer, counts: Iterable[tuple[str, int]]) -> list[Markup]:
    """A sentence for each count that is not 0: the one of its key, with `n`."""
    return [viewer.say(key, n=count) for key, count in counts if count]


def first_names(names: Sequence[str], most: int, more: str = ", …") -> str:
    """The first names in a row, `most` of them, and a sign that there are `more`."""
    return ", ".join(names[:most]) + (more if len(names) > most else "")
