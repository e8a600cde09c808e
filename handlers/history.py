"""Lịch sử: what happened to a report or one of its figures, by a button or in words ("lịch sử nước sạch Nà Hin")."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import Final, NamedTuple

from markupsafe import Markup
from sqlmodel import col, select

from figures import access, due, history, other_places, sent_back
from figures.coverage import of_level, officers_villages
from figures.due import period_of_key
from handlers import codes, menu
from handlers.buttons import Presses, choice
from handlers.messages import clip, column
from handlers.named_form import first_word, form_named, forms_named, titled
from handlers.named_period import NamedTime, named_time, without_time
from handlers.navigation import ShowHistory
from handlers.screens import history as screen
from handlers.turn import Turn
from handlers.vocabulary import COUNTING, HISTORY, HISTORY_ASKED, TRACED
from queries.vocabulary import NEAR
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import as_text, tokens_of
from questionnaires.questionnaire import Questionnaire, plain_words
from storage import places
from storage.tables import Level, Place, RoleName, Submission

pressed: Final = Presses()
OFFERED: Final = 6
"""How many figures to offer if several may be meant."""
LIKELY: Final = 0.5
"""The least share of the words that must be about a figure."""
LEADS: Final = (("bao", "cao"), ("con", "so"), ("so", "lieu"), ("so", "luong"), ("so",), ("phieu",))
"""What only says that a figure or a report comes, folded: "số" is no word of "dân tộc thiểu số" there."""
BEFORE_NAME: Final = frozenset(("o", "cua", "tai"))
"""Words, folded, that may stand between a figure and its village: "sửa đường ở Nà Hin"."""
SEARCHED: Final = 300
"""How many of a place's newest reports are looked through."""
THIS: Final = frozenset(("nay", "do", "ay", "kia", "cua", "toi", "chau", "em", "minh", "chung"))
"""Words, folded, that point at a figure without naming it: "ai sửa số của tôi"."""
NAME: Final = 2
"""This many further words may be the name of another place."""


@pressed.on(ShowHistory)
async def on_history(turn: Turn, button: ShowHistory) -> None:
    report = await turn.session.get(Submission, button.report)
    await show(turn, report, button.number)


async def show(turn: Turn, report: Submission | None, number: int, *before: Markup) -> None:
    """Show the history of the figure with this number, 0 for the report; answer alike for forbidden and missing."""
    path = ""
    if report is not None and number:
        form = await turn.library.form(turn.session, report.form_id)
        paths = screen.paths_of(form, report)
        path = paths[number - 1] if number <= len(paths) else ""
    told = await history.of_figure(turn.view, report, path) if report else None
    if told is None:
        turn.reply(turn.say("sent.gone"), choices=menu.buttons(turn.view))
        return
    await codes.note(turn, "figures.history", f"place:{told.place.id}")
    page = screen.page(turn.view, told)
    turn.send(replace(page, text=Markup("\n\n").join([*before, page.text])))


# --- in words -------------------------------------------------------------------------------------------


class KnownFigure(NamedTuple):
    """A figure of a report."""

    report: Submission
    form: Questionnaire
    number: int
    """Which figure of the report it is."""
    path: str


@dataclass(frozen=True)
class FigureMeant:
    """A figure that may be meant: its report, its number there, and what it is called."""

    report: Submission
    number: int
    label: str
    words: Set[str]
    """All words that name it: of the question, of its questionnaire, of its indicators."""
    form: str
    """The first word of its questionnaire's title, folded: "nuoc"."""
    names: Set[str]
    """The full names of its indicators."""
    indicators: Set[str]
    title: str
    """Its questionnaire's."""


async def asked(turn: Turn, text: str) -> bool:
    """Answer `text` if it asks for the history of a figure, by its name and its village; else return False."""
    period, told = named_time(text, turn.today), without_time(text)
    words = behind_lead(told) or before_tail(told)
    if not words:
        return False
    place = await village_in(turn, words)
    if place is None:
        if await told_of_unit(turn, words, period):
            return True
        if may_mean_any(turn, words):
            turn.reply(turn.say("history.which_village"), choices=menu.buttons(turn.view))
            return True
        if TRACED.whole(tokens_of(clean(text).rstrip(" ?"))) is None:
            tell_whose(turn)
        return False
    await tell(turn, place, without(words, place), period)
    return True


async def told_of_unit(turn: Turn, words: Sequence[str], period: NamedTime | None) -> bool:
    """Show the history of a unit's own report to its officer, or to who checks it; False if the words name none.

    Without the unit's name, an officer's own is meant, if they are the title of one of its questionnaires.
    """
    named = await unit_named(turn, words)
    unit = named or await own_unit(turn)
    if unit is None:
        return False
    rest, every = without_lead(without_name(words, unit)), await figures_of(turn, unit)
    known = every if period is None else await figures_of(turn, unit, period)
    if form := titled({one.form.name: one.form for one in every}, rest):
        await show_form(turn, unit, known, every, form)
    elif titled({one.form.name: one.form for one in await due.asked_of(turn.view, unit, past=True)}, rest):
        offer_reports(turn, unit, known or every, "history.none")
    elif named and (not rest or figures_named(turn, every, rest)[0]):
        await tell(turn, unit, rest, period)
    else:
        return False
    return True


async def unit_named(turn: Turn, words: Sequence[str]) -> Place | None:
    """Return the commune or district that the words name, if this officer answers for it or checks its reports."""
    said, view = f" {' '.join(words)} ", turn.view
    over = await access.places_of(view, access.holds(view, *access.OFFICERS))
    for level in (Level.COMMUNE, Level.DISTRICT):
        ids = [await turn.session.places.ids_below(place.id, level, view.today) for place in over]
        units = await of_level(view, set().union(*ids), level)
        named = [unit for unit in units if places.is_named_in(unit, said)]
        own = [unit for unit in named if await is_own_or_checked(turn, unit)]
        if own:
            return max(own, key=lambda unit: len(unit.name))
    return None


async def is_own_or_checked(turn: Turn, unit: Place) -> bool:
    """Whether this person answers for a unit, or checks its reports."""
    own = any(role.place_id == unit.id for role in turn.view.roles)
    return own or await access.may_check(turn.view, unit)


async def own_unit(turn: Turn) -> Place | None:
    """Return the unit above a village for which this officer answers; None for anybody else."""
    own = await due.own_places(turn.view) if access.is_officer(turn.view) else []
    return next((place for place in own if place.level != Level.VILLAGE), None)


def without_name(words: Sequence[str], unit: Place) -> list[str]:
    """Return the words without the unit's name; a word of its kind that stands elsewhere stays: "vốn xã làm chủ đầu tư"."""
    said, name = f" {' '.join(words)} ", fold(unit.name)
    for called in (f" {fold(unit.kind)} {name} ", f" {name} "):
        said = said.replace(called, " ")
    return but_preposition(said.split())


def but_preposition(words: list[str]) -> list[str]:
    """Return the words without the last one if that stood before the name taken out."""
    return words[:-1] if words[-1:] and words[-1] in BEFORE_NAME else words


def may_mean_any(turn: Turn, words: Sequence[str]) -> bool:
    """Whether a commune's officer asks who changed a figure without a word of which one: "ai sửa số của tôi"."""
    commune = access.holds(turn.view, RoleName.COMMUNE_OFFICER)
    return bool(commune) and "toi" in words and THIS.issuperset(words)


async def tell(turn: Turn, place: Place, rest: Sequence[str], period: NamedTime | None) -> None:
    """Show the history of what the words `rest` name, in the report of a period if one was named."""
    rest = [] if THIS.issuperset(rest) else without_lead(rest)  # "this figure" names none
    if not rest and (back := await returned_now(turn, place)):
        await show(turn, *back)
        return
    known = await figures_of(turn, place, period)
    every = known if period is None else await figures_of(turn, place)
    if not await told_of_form(turn, place, rest, known, every):
        await tell_of_figure(turn, place, rest, period, known, every)


async def told_of_form(
    turn: Turn, place: Place, rest: Sequence[str], known: Sequence[KnownFigure], every: Sequence[KnownFigure]
) -> bool:
    """Show the history of the questionnaire that the words mean, or the reports there are if it was never sent; False if
    they mean none."""
    forms = {one.form.name: one.form for one in every}
    form = form_named(forms, rest) or form_missing(turn, known, every, rest)
    if form:
        await show_form(turn, place, known, every, form)
        return True
    if await names_unsent(turn, forms, rest):
        offer_reports(turn, place, known or every, "history.none")
        return True
    return False


async def tell_of_figure(
    turn: Turn,
    place: Place,
    rest: Sequence[str],
    period: NamedTime | None,
    known: Sequence[KnownFigure],
    every: Sequence[KnownFigure],
) -> None:
    """Show the history of the figure that the words mean; if they mean none, offer the reports."""
    figures, named = figures_named(turn, known, rest)
    before = await own_only(turn, place, len(rest) - named)
    if figures:
        await show_one(turn, place, figures, *before)
        return
    if period is not None and not known:
        before = [*before, turn.say("history.none_then", place=places.own_name(place))]
        known = every
    offer_reports(turn, place, known, "history.none" if rest else "history.which_report", *before)


async def show_then(turn: Turn, report: Submission, path: str, period: NamedTime) -> None:
    """Show the history of a report's figure as its place reported it for another period; offer its reports if there is none
    for that."""
    place = await turn.session.places.get(report.place_id)
    if place is None:
        return
    then = await figures_of(turn, place, period)
    same = [one for one in then if one.report.form_name == report.form_name and one.path == path]
    if same:
        await show(turn, same[0].report, same[0].number)
    else:
        await show_form(turn, place, [], await figures_of(turn, place), report.form_name)


async def returned_now(turn: Turn, place: Place) -> tuple[Submission, int] | None:
    """Return the one figure that a place is asked to look at again, as its report and its number there: somebody of the
    place who names no figure means it; None if there are several or none."""
    waiting = [] if access.is_officer(turn.view) else await sent_back.unanswered(turn.view, {place.id})
    if len(waiting) != 1 or len(waiting[0].returned) != 1:
        return None
    one = waiting[0]
    paths = screen.paths_of(one.form, one.report)
    path = one.returned[0].path
    return (one.report, paths.index(path) + 1) if path in paths else None


async def names_unsent(turn: Turn, sent: Mapping[str, Questionnaire], words: Sequence[str]) -> bool:
    """Whether the words name a questionnaire in use that is none of those `sent` by the place: no figure of another one is
    meant."""
    if forms_named(sent, words):
        return False
    active = await turn.library.active_forms(turn.session)
    return bool(forms_named({name: form for name, (_, form) in active.items()}, words))


def form_missing(
    turn: Turn, known: Sequence[KnownFigure], every: Sequence[KnownFigure], words: Sequence[str]
) -> str:
    """Return the questionnaire of the figure that the words name if no report of it is `known` for the period named: a
    figure of another one is not meant; "" otherwise."""
    there = form_names(known)
    if there == form_names(every):
        return ""
    named, _ = figures_named(turn, every, words)
    forms = {one.report.form_name for one in named}
    return forms.pop() if len(forms) == 1 and forms.isdisjoint(there) else ""


def form_names(figures: Sequence[KnownFigure]) -> set[str]:
    """Return the questionnaires that some figures stand in."""
    return {one.form.name for one in figures}


def in_form(figures: Sequence[KnownFigure], name: str) -> list[KnownFigure]:
    """Return those of some figures that stand in one questionnaire."""
    return [one for one in figures if one.form.name == name]


async def show_form(
    turn: Turn, place: Place, known: Sequence[KnownFigure], every: Sequence[KnownFigure], form: str
) -> None:
    """Show the history of a place's report of one questionnaire; offer the newest if there is none for the period named."""
    if fit := in_form(known, form):
        await show(turn, fit[0].report, 0)
        return
    none = turn.say("history.none_then", place=places.own_name(place))
    offer_reports(turn, place, in_form(every, form), "history.which_report", none)


async def own_only(turn: Turn, place: Place, unread: int) -> list[Markup]:
    """Say that only a head's own village is told about, if another one is named, or so many `unread` words may name one.

    Nothing is told about that.
    """
    if access.is_officer(turn.view):
        return []
    own = places.own_name(place)
    if other := await other_places.named(turn.view, turn.incoming.text):
        return [turn.say("wish.other_place_asked", other=other, place=own)]
    return [turn.say("history.own_only", place=own)] if unread >= NAME else []


async def show_one(turn: Turn, place: Place, figures: Sequence[FigureMeant], *before: Markup) -> None:
    """Show the history of the figure that was named; if several were, ask which."""
    if len(figures) == 1:
        await show(turn, figures[0].report, figures[0].number, *before)
        return
    several = len({one.report.form_name for one in figures}) > 1
    labels = (f"{one.title}: {one.label}" if several else one.label for one in figures)
    buttons = (
        choice(clip(label, 60), ShowHistory(one.report.id, one.number))
        for label, one in zip(labels, figures, strict=True)
    )
    which = turn.say("history.which", place=places.own_name(place))
    turn.reply(Markup("\n\n").join([*before, which]), choices=column(*buttons))


def offer_reports(turn: Turn, place: Place, known: Sequence[KnownFigure], key: str, *before: Markup) -> None:
    """Offer the reports of some figures of a place: the history of each names its figures."""
    newest = sorted(known, key=lambda one: one.report.sent_at, reverse=True)
    forms = {one.report.id: (one.report, one.form) for one in newest}
    buttons = [
        choice(
            clip(f"{form.title(turn.locale)}, {period_of_key(report.period).name(turn.locale)}", 60),
            ShowHistory(report.id),
        )
        for report, form in list(forms.values())[:OFFERED]
    ]
    text = Markup("\n\n").join([*before, turn.say(key, place=places.own_name(place))])
    turn.reply(text, choices=column(*buttons) if buttons else menu.buttons(turn.view))


def tell_whose(turn: Turn) -> None:
    """Tell an officer above the commune that only a village and its commune see each sending and approval.

    Their question is then answered as one about a figure.
    """
    if not access.holds(turn.view, RoleName.COMMUNE_OFFICER):
        turn.reply(turn.say("history.of_commune"))


def behind_lead(text: str) -> list[str]:
    """Return the folded words after "lịch sử"; none for any other text."""
    tokens = tokens_of(clean(text[:200]))
    lead = HISTORY.at(tokens, 0)
    return fold(as_text(tokens[lead[1] :])).split() if lead else []


def before_tail(text: str) -> list[str]:
    """Return the folded words before what asks for their history: "số nước Khuổi Lặng sửa mấy lần rồi"."""
    tokens = tokens_of(clean(text[:200]).rstrip(" ?"))
    ends = (at for at in range(1, len(tokens)) if HISTORY_ASKED.whole(tokens[at:]))
    at = next(ends, 0)
    return fold(as_text(tokens[:at])).split()


async def village_in(turn: Turn, words: Sequence[str]) -> Place | None:
    """Return the village that the words name; the person's own if they name none."""
    said = f" {' '.join(words)} "
    own = [place for place in await due.own_places(turn.view) if not access.is_officer(turn.view)]
    if own:
        return next((place for place in own if f" {fold(place.name)} " in said), own[0])
    under = await officers_villages(turn.view)
    return next((village for village in under if places.is_named_in(village, said)), None)


def without(words: Sequence[str], place: Place) -> list[str]:
    """Return the words without the place's name and its type word."""
    names = {*fold(place.name.partition("(")[0]).split(), *fold(place.kind).split()}
    return but_preposition([word for word in words if word not in names])


def figures_named(
    turn: Turn, listed: Sequence[KnownFigure], words: Sequence[str]
) -> tuple[list[FigureMeant], int]:
    """Return which of some figures the first words may name, and how many words these are."""
    best, named, weight = best_named(turn, listed, words)
    if not best or weight < LIKELY * named:
        return [], len(words)
    # "Số nước" names the questionnaire on water before what another one asks about water.
    return ([one for one in best if one.form in words] or best)[:OFFERED], named


def best_named(
    turn: Turn, listed: Sequence[KnownFigure], words: Sequence[str]
) -> tuple[list[FigureMeant], int, float]:
    """Return the figures that the first words fit best, how many words these are, and how much of them fits."""
    known = [figure_meant(turn, *figure) for figure in listed]
    best, named, weight = list[FigureMeant](), 0, 0.0
    for length in range(1, len(words) + 1):
        score, likely = likeliest(known, words[:length])
        if score * length > weight:
            best, named, weight = likely, length, score * length
    return best, named, weight


async def figures_of(turn: Turn, place: Place, period: NamedTime | None = None) -> list[KnownFigure]:
    """Return every figure of a place's newest reports, or of those for a period: the report, its questionnaire, the
    figure's number and path."""
    listed = []
    for report in await newest_reports(turn, place, period):
        form = await turn.library.form(turn.session, report.form_id)
        listed += [
            KnownFigure(report, form, number, path)
            for number, path in enumerate(screen.paths_of(form, report), 1)
        ]
    return listed


async def newest_reports(turn: Turn, place: Place, period: NamedTime | None) -> list[Submission]:
    """Return the newest report of each of a place's questionnaires, or that for a period. Of a questionnaire with other
    periods, it is the newest of those that lie in the period or hold it."""
    chosen = (
        select(Submission)
        .where(Submission.place_id == place.id, col(Submission.current))
        .order_by(col(Submission.period_end).desc(), col(Submission.id).desc())
    )
    newest: dict[str, Submission] = {}
    touching: dict[str, Submission] = {}
    for report in await turn.session.exec(chosen.limit(SEARCHED)):
        if period is None or period.names(period_of_key(report.period)):
            newest.setdefault(report.form_name, report)
        elif period.touches(period_of_key(report.period)):
            touching.setdefault(report.form_name, report)
    return list((touching | newest).values())


def figure_meant(turn: Turn, report: Submission, form: Questionnaire, number: int, path: str) -> FigureMeant:
    """Return a figure of a report with everything that it is called, looked up once for all words that may name it."""
    question = form.question(path)
    indicators = [one for one in turn.view.plans.indicators.values() if question.name in one.numerator]
    names = {fold(name) for one in indicators for name in (one.name("vi"), *one.synonyms)}
    own = (plain_words(form.words(question.labels, "vi")), form.title("vi"))
    words = set(fold(" ".join([*own, *names])).split())
    label = plain_words(form.words(question.labels, turn.locale))
    known_as, title = {one.id for one in indicators}, form.title(turn.locale)
    return FigureMeant(report, number, label, words, first_word(form), names, known_as, title)


def likeliest(known: Sequence[FigureMeant], words: Sequence[str]) -> tuple[float, list[FigureMeant]]:
    """Return the figures that fit the words best, and how well; none if no word is about any.

    It is more than 1 if the words are the very name of one of its indicators, or what people call it.
    """
    called = called_by(words)
    nearly = set(map(nearly_named, called))
    scores = [
        2.0 if one.names & set(called) or one.indicators & nearly else fits(one, words) for one in known
    ]
    best = max(scores, default=0.0)
    return best, [one for one, score in zip(known, scores, strict=True) if score == best > 0]


def nearly_named(called: str) -> str:
    """Return the indicator that people call so, although it is not quite that ("nước sạch"); "" for none."""
    tokens = tokens_of(called)
    near = NEAR.at(tokens, 0)
    return near[0] if near is not None and near[1] == len(tokens) else ""


def called_by(words: Sequence[str]) -> list[str]:
    """Return what the words may call a figure: all of them, and those behind what only says that something is counted."""
    tokens = tokens_of(" ".join(words))
    counting = COUNTING.at(tokens, 0)
    return [" ".join(words), *([fold(as_text(tokens[counting[1] :]))] if counting else [])]


def fits(figure: FigureMeant, words: Sequence[str]) -> float:
    """Return which share of the words is about a figure."""
    return sum(word in figure.words for word in words) / len(words)


def without_lead(words: Sequence[str]) -> list[str]:
    """Return folded words without what only says that a figure or a report comes: "số", "báo cáo", "số này của"."""
    lead = next((lead for lead in LEADS if tuple(words[: len(lead)]) == lead), ())
    return list(dropwhile(THIS.__contains__, words[len(lead) :]))
