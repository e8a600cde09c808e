"""What a place's report says of it, as its receipt tells: the main figures in full, every other change in a line."""

from collections.abc import Sequence

from markupsafe import Markup

from reports.covering import Say
from reports.lines import Domain, PlaceProgress, ProgressLine
from reports.progress import FIRST, begins_anew, change_text, domain_text, plans_text, value_text


def receipt_text(progress: PlaceProgress, say: Say) -> Markup:
    """What a place's report says of it: the main figures of each domain, and every other one that changed.

    The rest is counted.
    """
    heard = [one for one in progress.domains if one.period]
    blocks = [
        say("progress.title", place=progress.place, day=progress.as_of),
        *(domain_of_receipt(progress, one, say) for one in heard),
        plans_text(progress, say, "", detail=False),
    ]
    return Markup("\n\n").join(filter(None, blocks))


def domain_of_receipt(progress: PlaceProgress, domain: Domain, say: Say) -> Markup:
    """One domain of a receipt."""
    lines = lines_heard(progress, domain)
    first = first_of_receipt(progress, domain, lines)
    others = [line for line in lines if line not in first]
    changed = list(filter(is_changed, others))
    rest = len(others) - len(changed)
    return Markup("\n").join(
        [
            domain_text(progress.with_lines(first), domain, say, detail=False),
            *(short_change(line, say, progress.lang) for line in changed),
            *([say("progress.others", n=rest)] if rest else []),
        ]
    )


def lines_heard(progress: PlaceProgress, domain: Domain) -> list[ProgressLine]:
    """The figures of a domain that were reported, those kept back among them."""
    return [line for line in progress.of(domain.id) if line.value is not None or line.kept_back]


def first_of_receipt(
    progress: PlaceProgress, domain: Domain, lines: Sequence[ProgressLine]
) -> tuple[ProgressLine, ...]:
    """The figures of a domain that a receipt tells in full: the main ones, else some of those that changed."""
    by_change = sorted(lines, key=lambda line: not is_changed(line))
    return progress.of(domain.id, main=True) or tuple(by_change[:FIRST])


def is_changed(line: ProgressLine) -> bool:
    """Whether a figure is known to differ from the period before; money that is counted anew since January is not."""
    change = line.change
    return change is not None and change.now.value != change.before.value and not begins_anew(line, change)


def short_change(line: ProgressLine, say: Say, lang: str) -> Markup:
    """One figure with its change, in a line."""
    told = {"name": line.name, "value": value_text(line, say), "change": change_text(line, say, lang)}
    return say("progress.other", **told)
