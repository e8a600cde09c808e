"""Sentences that several screens and letters say alike."""

from markupsafe import Markup

from figures.coverage import Coverage
from handlers.viewer import Viewer


def of_coverage(viewer: Viewer, coverage: Coverage) -> Markup:
    """One line: how many of the villages have sent a questionnaire, and how many of these late."""
    key = "officer.coverage_late" if coverage.late else "officer.coverage"
    label = coverage.owed.label(viewer.locale)
    counts = {"reported": coverage.reported, "expected": coverage.expected, "late": coverage.late}
    return viewer.say(key, form=label, **counts)
