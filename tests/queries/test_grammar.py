"""Random questions, worded in many ways, are read back the same; a word that is dropped changes them or is asked about.

The questions are drawn as frames, not as sentences: what is measured, where, when, of which units. Each frame is then
worded as officials word it: in any order, with courtesy, with short forms, without marks, with Telex left in, with a
slip. A wording may be asked back; it is never another question.
"""

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from queries.frames import Compare, Export, Lookup, Missing, Progress, Question, Ranking, Trend
from queries.understand import Asker, understand
from queries.understanding import Understanding
from queries.vocabulary import FILLER, grammar
from questionnaires.answers.places import Gazetteer, Unit
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import tokens_of
from storage.official.rows import rows_of
from tests.queries.test_corpus import ASKER, DICTIONARY, GAZETTEER, TODAY, UNITS

MEASURES: Final = (
    *("hộ nghèo", "nhà tạm", "nước hợp vệ sinh", "tảo hôn", "hộ cận nghèo", "bảo hiểm y tế"),
    *("trẻ bỏ học", "thiếu nước", "hộ chưa có nước hợp vệ sinh", "đào tạo nghề", "nhà văn hóa thôn"),
)
PLACES: Final = ("", "xã Vĩnh Thông", "xã Phong Quang", "thôn Nà Hin", "bản Cháo", "toàn huyện")
TIMES: Final = (
    "",
    "tháng 10",
    "quý 3",
    "năm 2025",
    "tháng trước",
    "tuần này",
    "từ đầu năm đến nay",
    "kỳ trước",
)
UNITS_LISTED: Final = ("các xã", "từng thôn")
PICKED: Final = ("xã nào {} nhiều nhất", "thôn nào {} thấp nhất", "3 xã {} cao nhất", "thôn nào {} trên 20")
CHANGED: Final = ("xã nào {} giảm nhiều nhất", "thôn nào {} tăng lên", "3 xã {} tăng nhanh nhất")
PLAIN: Final = ("xu hướng {}", "tiến độ {}", "xuất excel {}", "biểu đồ {}")
COURTESY: Final = ("", "cho em hỏi", "dạ", "đề nghị báo cáo", "kính gửi anh chị", "anh ơi cho xem")
ENDS: Final = ("", "ạ", "với ạ", "là bao nhiêu", "nhé", "để chiều họp")
SHORT: Final = (("bảo hiểm y tế", "bhyt"), ("hợp vệ sinh", "hvs"), ("nhà văn hóa", "nvh"), ("báo cáo", "bc"))
SAMPLE: Final = 110
"""So many frames are drawn, always the same ones."""


@dataclass(frozen=True)
class Worded:
    """The parts of a question, in the plainest order."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(filter(None, self.parts))


def drawn() -> Iterator[Worded]:
    """Frames of every kind, in their plainest words."""
    chance = random.Random(16)
    for _ in range(SAMPLE):
        what, where, when = map(chance.choice, (MEASURES, PLACES, TIMES))
        kind = chance.choice(("figure", "units", "picked", "plain", "missing", "compare", "changed", "part"))
        if kind == "figure":
            yield Worded((what, where, when))
        elif kind == "units":
            yield Worded((what, chance.choice(UNITS_LISTED), when))
        elif kind == "picked":
            yield Worded((chance.choice(PICKED).format(what), when))
        elif kind == "changed":
            yield Worded((chance.choice(CHANGED).format(what), when))
        elif kind == "part":
            yield Worded(("xã Vĩnh Thông chiếm bao nhiêu phần trăm", f"{what} của toàn huyện"))
        elif kind == "plain":
            yield Worded((chance.choice(PLAIN).format(what), where))
        elif kind == "missing":
            yield Worded((chance.choice(("thôn nào chưa báo cáo", "xã nào đã báo cáo", "ai chưa nộp")), when))
        else:
            yield Worded((f"so sánh {what}", "xã Vĩnh Thông với xã Phong Quang", when))


def read(text: str) -> Understanding:
    """What is understood, with nothing before."""
    return understand(text, DICTIONARY, GAZETTEER, ASKER, TODAY)


MARKS: Final = {"\u0302": "", "\u0306": "w", "\u031b": "w"}
TONES: Final = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}


def telex(word: str) -> str:
    """A word as its keys were typed: "nước" is "nuwowcs"."""
    keys, tone = "", ""
    for letter in unicodedata.normalize("NFD", word.lower().replace("đ", "dd")):
        if letter in TONES:
            tone = TONES[letter]
        else:
            keys += MARKS.get(letter, letter) or keys[-1]
    return keys + tone


def slip(text: str, chance: random.Random) -> str:
    """The text with two letters of one word changed about."""
    words = text.split(" ")
    place = chance.randrange(len(words))
    word = words[place]
    if len(word) > 4 and word.isalpha():
        words[place] = word[0] + word[2] + word[1] + word[3:]
    return " ".join(words)


def shortened(text: str) -> str:
    """The text with short forms."""
    for whole, short in SHORT:
        text = text.replace(whole, short)
    return text


def wordings(worded: Worded, chance: random.Random) -> Iterator[str]:
    """Other ways to say the same."""
    text = worded.text
    yield f"{chance.choice(COURTESY)} {text} {chance.choice(ENDS)}"
    yield " ".join(reversed([part for part in worded.parts if part]))
    yield shortened(text)
    yield bare(text.lower())
    yield text.upper()
    yield bare(f"{chance.choice(COURTESY)} {shortened(text)} {chance.choice(ENDS)}")
    yield " ".join(map(telex, text.split(" ")))
    yield slip(text, chance)


def same(one: Question, other: Question) -> bool:
    """Whether two questions ask the same; how large a part or how many may be said beside."""
    kinds = (Lookup, Ranking, Trend, Compare, Missing, Progress, Export)
    return type(one) is type(other) and isinstance(one, kinds) and plain(one) == plain(other)


def plain(question: Question) -> tuple[object, ...]:
    """All that must be the same."""
    listed = [
        getattr(question, name, None) for name in ("level", "order", "count", "bounds", "met", "format")
    ]
    measure = question.measure
    return measure.indicators, measure.domain, measure.aspect, question.places, question.when, *listed


def test_other_words_are_never_another_question() -> None:
    """However a frame is worded, it is read back the same or asked about; nearly always the same."""
    chance, asked, wrong = random.Random(7), 0, []
    heard = 0
    for worded in drawn():
        meant = read(worded.text)
        assert meant.status in ("answer", "clarify"), worded.text
        if meant.status != "answer":
            continue
        for text in wordings(worded, chance):
            meaning = read(text)
            heard += 1
            if meaning.status != "answer":
                asked += 1
            elif not same(meant.query, meaning.query):
                wrong.append((worded.text, text, meaning.query))
    assert wrong == []
    assert asked < heard / 6, (asked, heard)


def test_a_word_that_is_dropped_changes_the_question_or_is_asked_about() -> None:
    """Of every question each word but those of grammar means something: without it, it is not answered the same."""
    passed_over = []
    for worded in list(drawn())[:40]:
        meant = read(worded.text)
        words = worded.text.split(" ")
        for place, word in enumerate(words):
            rest = " ".join(words[:place] + words[place + 1 :])
            without = read(rest)
            if without.status == "answer" and meant.status == "answer" and same(meant.query, without.query):
                passed_over.append((worded.text, word))
    grammar = {word for _, word in passed_over if FILLER.at(tokens_of(word), 0) is None}
    assert grammar <= SPARE, grammar


SPARE: Final = frozenset(
    [
        "xã",
        "thôn",
        "bản",
        "cao",
        "bao",
        "nhiều",
        "nào",
        "năm",
        "sánh",
        "với",
        "cáo",
        "xuất",
        "excel",
        "nhất",
        "lên",
        "nhiêu",
    ]
)
"""Words that a name or a phrase may lack: "Vĩnh Thông" is "xã Vĩnh Thông", "năm 2025" is "2025"."""


FRAMES: Final[dict[str, Callable[[str], str]]] = {
    "figure": "cho {} xem tỷ lệ hộ nghèo".format,
    "ranking": "{} xã nào nhiều nhà tạm nhất".format,
    "missing": "thôn nào {} báo cáo rồi".format,
    "trend": "xu hướng nhà tạm {}".format,
    "compare": "so sánh nhà tạm {} xã Vĩnh Thông với xã Phong Quang".format,
    "progress": "tiến độ nhà ở {}".format,
}
ALIKE: Final = (
    "Chờ",
    "Bác",
    "Cần",
    "Mới",
    "Xem",
    "Cho",
    "Nam",
    "Hơn",
    "Có",
    "Đạt",
    "Xóa",
    "Chiếm",
    "Giảm",
    "Đâu",
    "Khác",
)
"""Words of grammar that a place might be called."""
OFFICIAL: Final = {
    row["name"] for row in rows_of("units.csv.gz") if row["name"].isalpha() and len(row["name"]) > 1
}
"""The names of one word in the official list."""
ONE_WORD: Final = {
    name.lower(): number for number, name in enumerate(sorted({*ALIKE, *OFFICIAL}, key=str.lower), 100)
}
TOWNS: Final = Gazetteer(
    (*UNITS, *(Unit(id, name.capitalize(), "xã", (2,)) for name, id in ONE_WORD.items()))
)
AROUND: Final = Asker(
    ASKER.place,
    ASKER.own_levels,
    ASKER.visible | set(ONE_WORD.values()),
    ASKER.nameable | set(ONE_WORD.values()),
)


def asked_around(text: str) -> Understanding:
    """What is understood where a commune bears each name of one word."""
    return understand(text, DICTIONARY, TOWNS, AROUND, TODAY)


@pytest.mark.parametrize("frame", FRAMES)
def test_a_place_called_like_a_word_of_grammar_is_none_without_its_kind(frame: str) -> None:
    """A commune of one syllable stands in no question of any kind in which its name is said as the mere word."""
    for name, id in ONE_WORD.items():
        for word in {name, bare(name)} & grammar():
            sentence = FRAMES[frame](word)
            for text in {sentence, bare(sentence)}:
                assert id not in asked_around(text).query.places, text


def test_a_place_of_one_word_is_itself_behind_its_kind() -> None:
    """With its type word every name is the place, or one of its name, typed with marks and without."""
    lost = []
    for name, id in ONE_WORD.items():
        for text in (f"nhà tạm ở xã {name}", bare(f"nha tam xa {name}")):
            meaning = asked_around(text)
            offered = {offer.value for offer in meaning.offers if offer.slot == "place"}
            if id not in meaning.query.places and str(id) not in offered:
                lost.append(text)
    assert lost == []


@pytest.mark.parametrize("text", ["mai họp, " * 25 + "hộ nghèo xyz", "hộ nghèo xyz" + " để họp" * 25])
def test_a_long_story_takes_no_longer_than_its_words(text: str) -> None:
    """Leaving out each of its parts in turn, with every other one, would never end."""
    meaning = understand(text, DICTIONARY, GAZETTEER, ASKER, TODAY)
    assert meaning.status == "clarify"
    assert "xyz" in meaning.words


def test_of_a_province_works_finished_are_those_of_its_communes_and_its_own() -> None:
    """The province reports water schemes of its own; no other unit is asked about them."""
    province = Asker(3, {"tinh": 3, "nuoc": 1}, ASKER.visible | {3}, ASKER.nameable)
    text = "công trình nước tập trung đã làm được bao nhiêu"
    asked = [
        understand(text, DICTIONARY, GAZETTEER, who, TODAY).query.indicators for who in (province, ASKER)
    ]
    assert asked == [("ct-nuoc-xong-xa", "ct-nuoc-xong"), ("ct-nuoc-xong-xa",)]
