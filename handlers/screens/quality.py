"""A look back at last month's reports: each thing that may be asked about, with the question to ask. Nobody is blamed."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from figures.quality import Quality, Sign
from handlers.messages import Reply
from handlers.sentences import first_names
from handlers.viewer import Viewer
from storage import places

NAMED: Final = 5
"""So many units are named for each kind of sign."""


def page(viewer: Viewer, quality: Quality) -> Reply:
    """The look back, as one message."""
    return Reply(text(viewer, quality))


def text(viewer: Viewer, quality: Quality) -> Markup:
    """How much came, what of it was doubtful, and what to ask whom."""
    say = viewer.say
    name, month = places.own_name(quality.unit), quality.month.label(viewer.locale)
    head = say("quality.head", place=name, month=month)
    counts = say(
        "quality.counts",
        n=quality.reports,
        doubtful=quality.doubtful,
        received=quality.rate.received,
        expected=quality.rate.expected,
    )
    kinds = (
        ("doubts", quality.doubts),
        ("rounded", quality.rounded),
        ("copies", quality.copies),
        ("missing", quality.missing),
    )
    blocks = [block(viewer, kind, signs) for kind, signs in kinds if signs]
    tail = say("quality.nothing" if quality.silent else "quality.no_blame")
    return Markup("\n\n").join([Markup("\n").join([head, counts]), *blocks, tail])


def block(viewer: Viewer, kind: str, signs: Sequence[Sign]) -> Markup:
    """One kind of sign: where, how much of it, and the question to ask."""
    named = [f"{places.own_name(one.unit)} ({one.count}/{one.total})" for one in signs]
    return viewer.say(f"quality.{kind}", names=first_names(named, NAMED), n=len(signs))
