"""What officials type, and what must be understood: a wrong figure is never given, and little is asked back."""

import re
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from plans.reading import load_plans
from queries.frames import Aspect, Bound, Condition, Listing, Progress, Than
from queries.understand import Asker, understand
from queries.understanding import Before, Understanding
from questionnaires.answers.places import Gazetteer, Unit
from tests.quick import dictionary_of

TODAY = date(2026, 11, 21)
KEYS = {
    "vn": 1,
    "tn": 2,
    "bk": 3,
    "bt": 4,
    "xbt": 5,
    "vt": 6,
    "pq": 7,
    "nh": 8,
    "bc": 9,
    "na": 10,
    "ml": 11,
    "cg": 12,
}
KEYS |= {"pt": 13, "ks": 14}
UNITS = (
    Unit(1, "Việt Nam", "nước"),
    Unit(2, "Thái Nguyên", "tỉnh", (1,)),
    Unit(3, "Bắc Kạn", "tỉnh", (1,), (2,), closed=True),
    Unit(4, "Bạch Thông", "huyện", (3,), closed=True),
    Unit(5, "Bạch Thông", "xã", (2,)),
    Unit(6, "Vĩnh Thông", "xã", (2,)),
    Unit(7, "Phong Quang", "xã", (2,)),
    Unit(8, "Nà Hin", "thôn", (6, 4)),
    Unit(9, "Cháo", "bản", (6,)),
    Unit(10, "Nghệ An", "tỉnh", (1,)),
    Unit(11, "Mỹ Lý", "xã", (10,)),
    Unit(12, "Cẩm Giàng", "xã", (2,)),
    Unit(13, "Phủ Thông", "xã", (2,)),
    Unit(14, "Kỳ Sơn", "huyện", (10,), closed=True),
)
GROUND = frozenset({4, 5, 6, 7, 8, 9, 12, 13})
ASKER = Asker(4, {"huyen": 4, "tinh": 3, "nuoc": 1}, GROUND, GROUND | {1, 2, 3})
GAZETTEER = Gazetteer(UNITS)
DICTIONARY = dictionary_of(load_plans())


@dataclass(frozen=True)
class Case:
    """One line of the corpus; `before` are the questions that it goes on from."""

    line: int
    question: str
    expected: str
    before: tuple[str, ...]
    soft: bool = False
    """Answerable, but known to be asked back."""


def cases() -> list[Case]:
    """The corpus in its order."""
    found: list[Case] = []
    text = (Path(__file__).parent / "corpus.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        question, expected = line.rsplit(" => ", 1)
        goes_on = line.startswith("  ")
        before = (*found[-1].before, found[-1].question) if goes_on else ()
        soft = expected.startswith("~")
        found.append(Case(number, question.strip(), expected.strip("~ "), before, soft))
    return found


def ask(case: Case) -> Understanding:
    """What is understood, after the questions before."""
    return asked(case.question, case.before)


@cache
def asked(question: str, before: tuple[str, ...]) -> Understanding:
    """The same of each: it is asked by itself, among all, and by what goes on from it."""
    *others, last = before or [""]
    heard: Before | None = asked(last, tuple(others)).as_before if before else None
    return understand(question, DICTIONARY, GAZETTEER, ASKER, TODAY, heard)


def bound_text(bound: Bound, rate: bool) -> str:
    """A bound as the corpus writes it; of a rate's number of households or people with what it is a number of."""
    return f"{bound.relation}:{bound.value}" + (f":{bound.unit}" if rate and bound.counts else "")


def than_text(than: Than | None) -> str:
    """A place that others are held against, as the corpus writes it."""
    names = {number: key for key, number in KEYS.items()}
    return f"{than.relation}:{names[than.place]}" if than else ""


def also_text(condition: Condition) -> str:
    """What else units are picked by, as the corpus writes it: "-" is the rest of a share."""
    denied = "-" if condition.measure.aspect is Aspect.REST else ""
    id = condition.measure.indicators[0]
    return denied + id + "".join(f",{bound_text(bound, rate=False)}" for bound in condition.bounds)


def told(found: Understanding) -> str:
    """An understanding as the corpus writes it."""
    if found.status != "answer":
        return f"{found.status}:{found.doubt}" if found.doubt else found.status
    query = found.query
    names = {number: key for key, number in KEYS.items()}
    rate = any(DICTIONARY.plans.indicators[id].rate for id in query.indicators)
    said = {slot.name: getattr(query, slot.name) for slot in fields(query)}
    format, bounds = said.get("format", "text"), said.get("bounds", ())
    slots: list[tuple[str, object]] = [
        ("i", "+".join(query.indicators)),
        ("d", query.domain),
        ("p", "+".join(names[number] for number in query.places)),
        ("l", said.get("level")),
        ("t", "+".join(f"{start}..{end}" for start, end in query.periods)),
        ("o", said.get("order")),
        ("n", said.get("count")),
        ("b", "+".join(bound_text(bound, rate) for bound in bounds)),
        ("than", than_text(said.get("than"))),
        ("also", "+".join(map(also_text, said.get("also", ())))),
        ("without", "+".join(names[number] for number in said.get("without", ()))),
        ("f", format if format != "text" else ""),
        ("s", said.get("standing")),
        ("aim", bound_text(query.measure.aim, rate) if query.measure.aim else ""),
        ("back", query.when.back),
        ("ago", query.when.ago),
        ("a", query.when.against),
        ("beside", len(found.beside)),
        ("tasks", said.get("tasks", "all") if isinstance(query, Progress) else ""),
    ]
    flags = [
        name
        for name, on in (
            ("not", query.complement),
            ("done", query.measure.aspect is Aspect.DONE),
            ("gap", query.measure.aspect is Aspect.GAP),
            ("change", query.measure.aspect is Aspect.CHANGE),
            ("part", query.measure.aspect is Aspect.PART),
            ("summed", said.get("summed")),
            ("met", said.get("met") is True),
            ("unmet", said.get("met") is False),
            ("reported", said.get("reported")),
            ("counted", said.get("counted")),
            ("mean", said.get("mean")),
            ("nearly", query.measure.nearly),
            ("defined", query.measure.defined),
            ("approved", said.get("approved")),
            ("timely", said.get("timely")),
            ("narrowed", query.measure.narrowed),
            ("by_count", rate and isinstance(query, Listing) and query.measure.by == "count"),
            ("run", query.when.run),
            ("table", said.get("standing") is not None),
        )
        if on
    ]
    return " ".join(
        [
            query.intent,
            *(f"{name}={value}" for name, value in slots if value and (name, value) != ("tasks", "all")),
            *flags,
        ]
    )


def same(first: str, second: str) -> bool:
    """Whether two lines say the same, in whatever order their slots stand."""
    one, other = first.split(), second.split()
    return one[0] == other[0] and sorted(one) == sorted(other)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.line}: {case.question[:40]}")
def test_understood(case: Case) -> None:
    """Each question is understood as written beside it."""
    found = told(ask(case))
    if case.soft:
        assert found.startswith("clarify"), found
    else:
        assert same(found, case.expected), found


def test_little_is_asked_back() -> None:
    """Of the questions that can be answered fewer than a tenth are asked back, and none is answered wrongly."""
    answerable = [case for case in cases() if not case.expected.startswith(("clarify", "refuse", "help"))]
    heard = {case: told(ask(case)) for case in answerable}
    wrong = [
        case.question
        for case, found in heard.items()
        if ":" not in found[:10] and not same(found, case.expected)
    ]
    soft = [case.question for case, found in heard.items() if found.startswith(("clarify", "refuse"))]
    assert wrong == []
    assert len(soft) < len(answerable) / 10


IN_CODE = re.compile(r"`([^`\n]+)`")
ASKED_BACK = {
    "mấy thôn có nước hợp vệ sinh": "clarify:which_units",
    "trẻ em tiêm chủng": "clarify:not_collected",
    "hộ có nhà tiêu": "clarify:not_collected",
    "hỏi gì được": "help",
    "bao nhiêu người phải ở nhờ, ở lán": "refuse:outside",
}
"""What the page says is not answered with a figure, or only by a questionnaire that was sent out, which no plan knows."""
BEHIND = {"đến hết tháng 9", "lũy kế"}
"""What is said behind a question."""


def test_the_page_for_officials_is_answered_as_it_says() -> None:
    """Each example of its table is answered, each of the sentences below it as that sentence says."""
    page = (Path(__file__).parents[2] / "docs" / "hoi-so-lieu.md").read_text(encoding="utf-8")
    section = page.split("## Hỏi được gì")[1].split("\n## ")[0]
    examples = {example.replace("…", "nước hợp vệ sinh") for example in IN_CODE.findall(section)}
    assert examples > set(ASKED_BACK) | BEHIND
    assert len(examples) > 60
    questions = {f"hộ được hỗ trợ nhà ở {some}" if some in BEHIND else some for some in examples}
    said = {question: told(ask(Case(0, question, "", ()))) for question in questions}
    refused = {
        example: found for example, found in said.items() if found.startswith(("clarify", "refuse", "help"))
    }
    assert refused == ASKED_BACK


@pytest.mark.parametrize("question", ["mấy đứa trẻ bỏ học", "nhà tạm tợi xã Vĩnh Thông"])
def test_a_word_is_mended_only_into_what_is_asked_about(question: str) -> None:
    """A word near some other word of the plans is not offered where that makes no indicator."""
    offers = ask(Case(0, question, "", ())).offers
    assert [offer for offer in offers if offer.slot == "text"] == []
