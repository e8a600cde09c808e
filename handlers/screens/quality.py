"""A look back at last month's reports: each thing that may be asked about, with the question to ask. Nobody is blamed."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from figures.quality import Quality, Sign
from handlers.messages import Reply
from handlers.sentences import first_names
from handlers.viewer import Viewer
from storage import places
from storage.tables import Level

NAMED: Final = 5
"""How many units to name for each kind of sign."""


def page(viewer: Viewer, quality: Quality) -> Reply:
    """The look back, as one message."""
    return Reply(text(viewer, quality))


def label(viewer: Viewer, quality: Quality) -> Markup:
    """Return the label of the button that leads to it."""
    return viewer.say("quality.button_of", place=places.own_name(quality.unit))


def brief(viewer: Viewer, quality: Quality) -> Markup:
    """Return what a letter tells of it; the rest is behind the button."""
    ask = viewer.say("quality.brief", button=label(viewer, quality))
    return Markup("\n").join([*head_of(viewer, quality), ask])


def head_of(viewer: Viewer, quality: Quality) -> list[Markup]:
    """Return its month and unit, how much came, and what of that was doubtful."""
    name, month = places.own_name(quality.unit), quality.month.label(viewer.locale)
    counts = {"received": quality.rate.received, "expected": quality.rate.expected}
    return [
        viewer.say("quality.head", place=name, month=month),
        viewer.say("quality.counts", n=quality.reports, doubtful=quality.doubtful, **counts),
    ]


def text(viewer: Viewer, quality: Quality) -> Markup:
    """Return how much came, what of it was doubtful, and whom to ask what: a commune asks villages, others ask communes."""
    kinds = (
        ("doubts", quality.doubts),
        ("rounded", quality.rounded),
        ("copies", quality.copies),
        ("missing", quality.missing),
    )
    above = "" if quality.unit.level == Level.COMMUNE else "_above"
    blocks = [block(viewer, kind + above, signs) for kind, signs in kinds if signs]
    tail = viewer.say("quality.nothing" if quality.silent else "quality.no_blame")
    return Markup("\n\n").join([Markup("\n").join(head_of(viewer, quality)), *blocks, tail])


def block(viewer: Viewer, kind: str, signs: Sequence[Sign]) -> Markup:
    """One kind of sign: where, how much of it, and the question to ask."""
    named = [f"{places.own_name(one.unit)} ({one.count}/{one.total})" for one in signs]
    return viewer.say(f"quality.{kind}", names=first_names(named, NAMED), n=len(signs))
