"""Khó khăn, vướng mắc: what officers say is stuck, as everybody above them reads it.

Read from the newest reports of two questionnaires: the difficulties of a commune, district or province, and the
works that stand still. A unit that was closed counts for whoever looks after all the ground it lives on in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from markupsafe import Markup
from sqlmodel import col, select

from figures import access
from handlers import menu
from handlers.menu import named
from handlers.messages import Choice
from handlers.turn import Turn
from plans.period import from_key
from questionnaires.questionnaire import Questionnaire
from questionnaires.showing import shown
from storage import places
from storage.tables import Place, Submission

DIFFICULTIES: Final = "vuong-mac"
FIELD, WORDS, PROPOSAL = "vm_linh_vuc", "vm_noi_dung", "vm_kien_nghi"
NONE: Final = "khong"
"""The field of who reports that nothing is stuck."""
WORKS: Final = "cong-trinh"
STATE, NAME, WHY = "ct_trang_thai", "ct_ten", "ct_vuong"
STUCK: Final = "vuong_mac"
SINCE: Final = timedelta(days=184)
"""A report whose period ended longer ago says nothing about today."""
PAGE: Final = 4
"""So many stand on one screen."""
LONGEST: Final = 300
"""So many letters of what somebody wrote are shown."""


@dataclass(frozen=True)
class Difficulty:
    """One thing that is stuck: where, since which report, about what, and the words for it."""

    place: Place
    report: Submission
    about: str
    words: str
    proposal: str = ""


async def on_ground(turn: Turn, place: Place) -> list[Difficulty]:
    """What is stuck on the ground of `place` and of the units on it, the latest told first."""
    chosen = (
        select(Submission, Place)
        .join(Place, col(Place.id) == col(Submission.place_id))
        .where(col(Submission.form_name).in_((DIFFICULTIES, WORKS)), col(Submission.current))
        .where(col(Submission.period_end) >= turn.today - SINCE)
        .order_by(col(Submission.sent_at).desc(), col(Submission.id).desc())
    )
    ground = await turn.session.places.ground(place.id, turn.today)
    found: list[Difficulty] = []
    seen: set[tuple[str, int]] = set()
    for report, unit in await turn.session.exec(chosen):
        which = (report.form_name, report.place_id)
        if which not in seen and await lies_on(turn, unit, ground):
            seen.add(which)
            form = await turn.library.form(turn.session, report.form_id)
            found += read(form, report, unit, turn.locale)
    return found


async def lies_on(turn: Turn, unit: Place, ground: Collection[int]) -> bool:
    """Whether `unit` is part of `ground`; one that was closed, if all that it lives on in is."""
    if unit.id in ground:
        return True
    if unit.last_day is None:
        return False
    own = await turn.session.places.ground(unit.id, turn.today) - {unit.id}
    return bool(own) and own <= set(ground)


def read(form: Questionnaire, report: Submission, unit: Place, lang: str) -> list[Difficulty]:
    """What one report says is stuck."""
    said = {path: str(value) for path, value in report.answers.items() if value not in (None, "")}
    if report.form_name == DIFFICULTIES:
        by_name = {path.rpartition("/")[2]: path for path in said}
        field = by_name.get(FIELD)
        if field is None or said[field] == NONE:
            return []
        about = shown(form, form.question(field), said[field], lang)
        words, proposal = (said.get(by_name.get(name, ""), "") for name in (WORDS, PROPOSAL))
        return [Difficulty(unit, report, about, words, proposal)]
    stuck = [
        path.rpartition("/")[0] for path, value in said.items() if path.endswith(STATE) and value == STUCK
    ]
    return [
        Difficulty(unit, report, said.get(f"{row}/{NAME}", ""), said.get(f"{row}/{WHY}", "")) for row in stuck
    ]


def button(turn: Turn, place: Place, found: Collection[Difficulty]) -> list[tuple[Choice, ...]]:
    """The button that lists them, where there are any."""
    if not found:
        return []
    label = turn.say("difficulty.button", n=len(found)).unescape()
    return [(Choice(label, f"f:d:{place.id}:0:0"),)]


async def show(turn: Turn, place_id: int, first: int) -> None:
    """What is stuck on the ground of a place, a few on each screen."""
    place = await access.visible(turn.view, place_id)
    if place is None:
        turn.reply(turn.say("menu.no_such_place"), choices=menu.buttons(turn.view))
        return
    found = await on_ground(turn, place)
    first = first if first < len(found) else 0
    here = found[first : first + PAGE]
    parts = [turn.say("difficulty.head", place=places.own_name(place), n=len(found))]
    parts += [told(turn, each) for each in here]
    if len(found) > PAGE:
        parts.append(turn.say("officer.page", first=first + 1, last=first + len(here), count=len(found)))
    if not found:
        parts.append(turn.say("difficulty.none"))
    turning = []
    if first:
        turning.append(named(turn.view, "officer.before", f"f:d:{place_id}:0:{max(first - PAGE, 0)}"))
    if first + PAGE < len(found):
        turning.append(named(turn.view, "officer.after", f"f:d:{place_id}:0:{first + PAGE}"))
    up = (named(turn.view, "officer.button.up", f"f:p:{place_id}:0:0"),)
    turn.reply(Markup("\n\n").join(parts), choices=(*([tuple(turning)] if turning else []), up))


def told(turn: Turn, each: Difficulty) -> Markup:
    """One difficulty in words."""
    head = turn.say(
        "difficulty.one",
        place=places.own_name(each.place),
        period=from_key(each.report.period).name(turn.locale),
        about=cut(each.about),
        words=cut(each.words),
    )
    if not each.proposal:
        return head
    return head + Markup("\n") + turn.say("difficulty.proposal", words=cut(each.proposal))


def cut(words: str) -> str:
    """`words` on one line, no longer than fits."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
