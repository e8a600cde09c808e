"""Every name finds its indicator or is asked about, and nothing typed is too odd to be read."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from queries.abbreviations import expand
from queries.understand import LONGEST, typed_tokens, understand
from queries.understanding import Doubt
from questionnaires.answers.text import bare
from tests.queries.test_corpus import ASKER, DICTIONARY, GAZETTEER, TODAY

NAMES = [
    (indicator.id, phrase)
    for indicator in DICTIONARY.plans.indicators.values()
    for phrase in (indicator.names["vi"], *indicator.synonyms)
]
DOMAINS = [(id, titles["vi"]) for id, titles in DICTIONARY.plans.domains.items()]
GRAMMAR = "chợ"
"""Without its marks it is a word of grammar."""
ODD = "chưa không dưới 80% xã nào thôn top 5 hộ nghèo nước ' ; -- <b> = % 31/2/2026 năm 1800 Vĩnh Thông tháng ١٢ \u200b"


FEW = 8
"""Of so many names one is also typed with its marks as letters of their own, which is put right before anything is read."""

OF_OWN_UNIT = {
    "von-tong": "von-huyen-ty-le",
    **{f"von{kind}{share}": f"von-huyen{kind}" for kind in ("-dt", "-sn") for share in ("", "-ty-le")},
}
"""Capital said without whose it is, is that of the asker's own unit."""


def shapes(phrase: str, number: int) -> list[str]:
    """Some of the ways in which officials type a bare question; others for the next name."""
    plain = [phrase, f"{phrase} toàn huyện", f"toàn huyện {phrase} bao nhiêu", phrase.upper()]
    every = [*plain, *map(bare, plain)]
    return every if number % FEW == 0 else [phrase, every[1 + number % (len(every) - 1)]]


def test_a_name_finds_its_indicator_or_is_asked_about() -> None:
    """However it is typed, a name never gives another indicator's figure; nine of ten are answered at once."""
    wrong, asked = [], []
    for number, (id, phrase) in enumerate(NAMES):
        typed = shapes(phrase, number)
        apart = [unicodedata.normalize("NFD", text) for text in typed] if number % FEW == 0 else []
        for text in (*typed, *apart):
            found = understand(text, DICTIONARY, GAZETTEER, ASKER, TODAY)
            own = set(found.query.indicators) & {id, OF_OWN_UNIT.get(id)} and not found.query.complement
            if found.status not in ("clarify", "refuse") and not (found.status == "answer" and own):
                wrong.append((text, found.status, found.query.indicators))
            if text == phrase and found.status != "answer":
                asked.append(phrase)
    assert wrong == []
    assert len(asked) < len(NAMES) / 10, asked


def test_a_name_without_its_marks_is_that_name() -> None:
    """ "Giao duc" is "giáo dục", although other names begin with "giao", which has no marks."""
    for names, said in ((DICTIONARY.indicators, NAMES), (DICTIONARY.domains, DOMAINS)):
        for id, phrase in said:
            marked, plain = (names.at(typed_tokens(text), 0) for text in (phrase, bare(phrase.lower())))
            if marked and phrase.lower() != GRAMMAR:
                assert plain, phrase
                assert plain[1] == marked[1], phrase
                assert set(marked[0]) <= set(plain[0]), (id, phrase)


@settings(max_examples=300)
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


def test_a_district_s_name_keeps_a_word_that_elsewhere_is_dialect() -> None:
    assert expand("xín mần mần được răng rồi") == "xín mần làm đến đâu rồi"
