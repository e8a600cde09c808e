"""The sums and rates of one questionnaire in one period, from the villages that reported it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures import small
from figures.closed import reported_twice
from figures.coverage import Owed, cover, villages
from figures.discretion import Discretion
from figures.sources import Source
from handlers.menu import named
from handlers.messages import Reply, column
from handlers.navigation import ShowUnit
from handlers.viewer import Viewer
from plans.indicator import Indicator
from questionnaires.adding import adds_up
from questionnaires.answers import AnswerKind
from questionnaires.questionnaire import Question, Questionnaire
from questionnaires.showing import unit_of
from storage import ledger, places
from storage.tables import Level, Place

SUMMED: Final = (AnswerKind.COUNT, AnswerKind.AREA)
Totals = Mapping[str, ledger.Total]
"""A unit's totals by name: "?question", an indicator's id, and "" for how many reports there are."""


async def totals_of(
    viewer: Viewer, place: Place, owed: Owed, names: Sequence[str]
) -> dict[str, ledger.Total]:
    """Return what the reports of a unit's villages sum up to, less what was reported twice."""
    said = await ledger.said(viewer.session, [place.id], owed.form.name, names, owed.period, viewer.today)
    twice = await reported_twice(viewer, owed, place.id)
    return {
        name: total.less(twice.get(name, ledger.NOTHING)) for name, total in said.get(place.id, {}).items()
    }


async def page(viewer: Viewer, place: Place, owed: Owed, back: int) -> Reply:
    """Return the sums of a unit; only the number of reports if they would tell of one village that is not for the
    viewer.

    Small numbers stay in the commune here too: a small sum, and a share with a small part, together with what it is a
    share of.
    """
    counted, shares = counted_in(owed.form), rates_of(viewer, owed.form)
    fed = viewer.plans.fed_by(owed.form.question_names)
    names = ["", *map(total_of, counted), *(indicator.id for indicator in fed)]
    totals = await totals_of(viewer, place, owed, names)
    reports = totals.get("", ledger.NOTHING).reports
    [coverage] = await cover(viewer, [village.id for village in await villages(viewer, place)], [owed])
    lines = [
        viewer.say("officer.sums", place=places.own_name(place), form=owed.label(viewer.locale)),
        viewer.say("officer.based", known=reports, expected=coverage.expected),
    ]
    near = await small.is_near(viewer, place)
    # From those who read every village's report nothing is kept back.
    if near:
        lines += figure_lines(viewer, owed, counted, shares, totals, frozenset())
    elif reports == 1:
        lines.append(viewer.say("officer.one_village"))
    else:
        hidden = await kept_back(viewer, place, owed, counted, shares, totals)
        lines += figure_lines(viewer, owed, counted, shares, totals, hidden)
    if not reports:
        lines.append(viewer.say("officer.no_figures"))
    up = named(viewer, "officer.button.up", ShowUnit(place.id, back))
    return Reply(Markup("\n").join(lines), column(up))


async def kept_back(
    viewer: Viewer,
    place: Place,
    owed: Owed,
    counted: list[Question],
    shares: list[Indicator],
    totals: Totals,
) -> frozenset[str]:
    """Return the names of the totals that tell of one or two households or people in the villages."""
    if owed.entry.level != Level.VILLAGE:
        return frozenset()
    hidden = {total_of(question) for question in counted if is_small_sum(owed.form, question, totals)}
    for share in shares:
        if await tells_of_few(viewer, share, totals):
            hidden |= totals_behind(share)
    discretion, names = Discretion(viewer), owed.form.question_names
    for indicator in viewer.plans.fed_by(names):
        source = Source(indicator, owed.entry, (owed.form.name,))
        if totals.get(indicator.id) and await discretion.is_sum_kept_back(source, place, owed.period):
            hidden |= totals_behind(indicator)
    return frozenset(hidden)


def is_small_sum(form: Questionnaire, question: Question, totals: Totals) -> bool:
    """Whether the sum of a question's answers is a small number of people or households."""
    total = totals.get(total_of(question), ledger.NOTHING)
    return small.is_small_sum(total.numerator, unit_of(form, question, "vi"))


def totals_behind(share: Indicator) -> set[str]:
    """Return the names of a rate and of the sums it is made of: from any two of them the third can be worked out."""
    return {share.id, *(f"?{name}" for name in share.numerator)}


async def tells_of_few(viewer: Viewer, share: Indicator, totals: Totals) -> bool:
    """Whether a rate tells of a few people or households."""
    total = totals.get(share.id, ledger.NOTHING)
    few = total.reports and small.is_small(total.figure(share))
    return bool(few) and await small.tells_of_people(viewer, share)


def counted_in(form: Questionnaire) -> list[Question]:
    """The questions whose answers can be added up."""
    counted = (question for question in form.questions if question.kind in SUMMED)
    return [question for question in counted if adds_up(form, question)]


def total_of(question: Question) -> str:
    """The name of the sum of a question's answers among `Totals`."""
    return f"?{question.name}"


def figure_lines(
    viewer: Viewer,
    owed: Owed,
    counted: list[Question],
    shares: list[Indicator],
    totals: Totals,
    hidden: frozenset[str],
) -> list[Markup]:
    """Return the lines of all sums and rates; for those `hidden`, only that they are small."""
    sums = sum_lines(viewer, owed.form, counted, totals, hidden)
    return [*sums, *rate_lines(viewer, shares, totals, hidden)]


def sum_lines(
    viewer: Viewer, form: Questionnaire, counted: list[Question], totals: Totals, hidden: frozenset[str]
) -> list[Markup]:
    """Return one line for each question that has a sum."""
    lines = []
    for question in counted:
        if total := totals.get(total_of(question)):
            unit = unit_of(form, question, viewer.locale)
            shown: object = f"{viewer.say.number(total.numerator)} {unit}".strip()
            if total_of(question) in hidden:
                shown = viewer.say("asking.small", n=small.SMALL, unit=unit)
            lines.append(line(viewer, worded(viewer, form, question), shown))
    return lines


def rate_lines(
    viewer: Viewer, shares: list[Indicator], totals: Totals, hidden: frozenset[str]
) -> list[Markup]:
    """One line for each rate whose denominator is not 0."""
    unit = viewer.say("asking.small_unit")
    kept = viewer.say("asking.small", n=small.SMALL, unit=unit)
    return [
        line(viewer, indicator.name(viewer.locale), kept)
        if indicator.id in hidden
        else rated(viewer, indicator, total)
        for indicator in shares
        if (total := totals.get(indicator.id)) and total.denominator
    ]


def worded(viewer: Viewer, form: Questionnaire, question: Question) -> str:
    """Return a question's label before a colon, with … where it repeats somebody's answer."""
    parts = form.words(question.labels, viewer.locale)
    return "".join(part if isinstance(part, str) else "…" for part in parts).rstrip(" ?:")


def line(viewer: Viewer, label: object, value: object) -> Markup:
    return viewer.say("officer.line", label=label, value=value)


def rates_of(viewer: Viewer, form: Questionnaire) -> list[Indicator]:
    """Return the rates that this questionnaire feeds and that several places have together."""
    asked = form.question_names
    rates = [indicator for indicator in viewer.library.plans.indicators.values() if is_share(indicator)]
    return [rate for rate in rates if set(rate.questions) <= asked]


def is_share(indicator: Indicator) -> bool:
    """Whether an indicator is a rate of two sums."""
    return bool(indicator.rate and indicator.additive and indicator.numerator)


def rated(viewer: Viewer, indicator: Indicator, total: ledger.Total) -> Markup:
    """Return Σ numerator / Σ denominator, never a mean of rates, from the villages that counted both."""
    shown = viewer.say(
        "officer.rate",
        # With a decimal at least: among many villages 0.4 % is not nobody.
        value=round(total.figure(indicator).value or Decimal(0), max(indicator.decimals, 1)),
        unit=indicator.unit_name(viewer.locale),
        numerator=total.numerator,
        denominator=total.denominator,
        n=total.reports,
    )
    return line(viewer, indicator.name(viewer.locale), shown)
