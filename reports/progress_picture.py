"""What `reports.pictures` draws of a place's progress: the same lines as the message, each part by itself."""

from collections.abc import Iterator
from typing import Any

from reports.covering import Say
from reports.lines import Domain, PlaceProgress, ProgressLine, told_apart
from reports.progress import change_text, in_short, main_lines, parts_text, plain, told_covered, value_alone


def picture_data(progress: PlaceProgress, say: Say, domain: str = "") -> dict[str, Any]:
    """What `reports.pictures` draws, every word in it: the main figures, or all of one domain."""
    rows: list[dict[str, Any]] = []
    for one in progress.domains:
        if domain in ("", one.id):
            rows += domain_rows(progress, one, say, whole=bool(domain))
    return {
        "title": plain(say("progress.picture.title", place=progress.place)),
        "rows": rows,
        "footer": plain(say("progress.picture.footer", day=progress.as_of)),
        "marker": plain(say("progress.picture.marker")),
        "more": plain(say("progress.picture.more")),
    }


def domain_rows(
    progress: PlaceProgress, domain: Domain, say: Say, *, whole: bool
) -> Iterator[dict[str, Any]]:
    """Yield a domain in the drawing: its main figures or the `whole` of it, under headings that apply to each."""
    if not domain.period:
        yield {"heading": domain.name, "note": str(say("progress.picture.silent"))}
        return
    for told in told_apart(domain, progress.of(domain.id) if whole else main_lines(progress, domain)):
        note = told.period
        if told.covered.expected:
            note += " · " + plain(told_covered(progress, told, say))
        yield {"heading": domain.name, "note": note}
        for line in told.lines:
            yield picture_row(line, progress.level, say, progress.lang)


def picture_row(line: ProgressLine, level: str, say: Say, lang: str) -> dict[str, Any]:
    """One indicator of the drawing; shares are 0 to 1."""
    goal = line.held_against
    under = (parts_text(line, say), change_text(line, say, lang))
    return {
        "name": line.name,
        "value": plain(value_alone(line, say)),
        "counted": line.value is not None,
        "share": None if line.bar is None else float(line.bar),
        "mark": mark_of(line),
        "change": " ".join(plain(part) for part in under if part),
        "standing": plain(in_short(line, level, say)) if goal else "",
        "state": goal.status if goal else "none",
    }


def mark_of(line: ProgressLine) -> float | None:
    """Return where on a bar the target stands; None if it is no share, or has no target above 0."""
    goal = line.held_against
    if goal is None or not goal.reach or line.unit != "%":
        return None
    return float(goal.reach / 100)
