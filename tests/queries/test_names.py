"""Every name finds its indicator or is asked about, and nothing typed is too odd to be read."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from queries.understand import LONGEST, understand
from queries.understanding import Doubt
from questionnaires.answers.text import bare
from tests.queries.test_corpus import ASKER, DICTIONARY, GAZETTEER, TODAY

NAMES = [
    (indicator.id, phrase)
    for indicator in DICTIONARY.plans.indicators.values()
    for phrase in (indicator.names["vi"], *indicator.synonyms)
]
ODD = "chưa không dưới 80% xã nào thôn top 5 hộ nghèo nước ' ; -- <b> = % 31/2/2026 năm 1800 Vĩnh Thông tháng ١٢ \u200b"


def shapes(phrase: str) -> list[str]:
    """The ways in which officials type a bare question."""
    plain = [phrase, f"{phrase} toàn huyện", f"toàn huyện {phrase} bao nhiêu", phrase.upper()]
    return [*plain, *map(bare, plain), *(unicodedata.normalize("NFD", text) for text in plain)]


@settings(deadline=None, max_examples=1500)
@given(st.sampled_from(NAMES), st.data())
def test_a_name_finds_its_indicator_or_is_asked_about(name: tuple[str, str], data: st.DataObject) -> None:
    """However it is typed, a name never gives another indicator's figure."""
    id, phrase = name
    found = understand(data.draw(st.sampled_from(shapes(phrase))), DICTIONARY, GAZETTEER, ASKER, TODAY)
    if found.status == "answer":
        assert found.query.indicators == (id,)
        assert not found.query.complement
    else:
        assert found.status in ("clarify", "refuse")


def test_a_full_name_is_seldom_asked_about() -> None:
    """Nine of ten names, typed in full with their marks, are answered at once, each with its own indicator."""
    wrong, asked = [], []
    for id, phrase in NAMES:
        for text in shapes(phrase):
            found = understand(text, DICTIONARY, GAZETTEER, ASKER, TODAY)
            if found.status == "answer" and (found.query.indicators != (id,) or found.query.complement):
                wrong.append((text, found.query.indicators))
        if understand(phrase, DICTIONARY, GAZETTEER, ASKER, TODAY).status != "answer":
            asked.append(phrase)
    assert wrong == []
    assert len(asked) < len(NAMES) / 10, asked


@settings(deadline=None, max_examples=1000)
@given(
    st.one_of(
        st.text(max_size=LONGEST),
        st.lists(st.sampled_from(ODD.split(" ")) | st.text(max_size=4), max_size=60).map(
            lambda parts: " ".join(parts)[:LONGEST]
        ),
    )
)
def test_nothing_typed_raises(text: str) -> None:
    """Any text is answered, asked about or refused; one that says nothing is refused."""
    found = understand(text, DICTIONARY, GAZETTEER, ASKER, TODAY)
    assert found.status in ("answer", "clarify", "refuse", "help")
    if found.status == "answer":
        assert found.doubt is None
    if not text.strip():
        assert found.doubt is Doubt.EMPTY
