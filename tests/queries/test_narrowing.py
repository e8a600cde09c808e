"""A word beside an indicator that none of its names has is never passed over."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from queries.dictionary import words_of
from queries.frames import Aspect, Intent, Plan
from queries.understand import understand
from queries.vocabulary import FILLER
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import tokens_of
from tests.queries.test_corpus import ASKER, DICTIONARY, GAZETTEER, TODAY
from tests.queries.test_names import NAMES

GROUPS = (
    "phụ nữ|nữ|trẻ em|thanh niên|người già|người cao tuổi|người khuyết tật|người Mông|học sinh|chủ hộ là nữ"
)
MONEY = "kinh phí|ngân sách|chi phí|đơn giá|vốn vay|nợ"
TURNED = (
    "giảm|tăng|mức giảm|tốc độ tăng|thoát|tái|chưa|không|nguyên nhân|nhu cầu|chất lượng|dự kiến|diện tích"
)
ABOUT = "bình đẳng giới|hôn nhân|sinh kế|tái định cư|đường|đất|rừng|nghề|y tế|giáo dục|sản xuất|nhiệm vụ"
WORDS = "|".join((GROUPS, MONEY, TURNED, ABOUT)).split("|")


def said_of(id: str) -> set[str]:
    """Every word of an indicator's names, without marks."""
    indicator = DICTIONARY.plans.indicators[id]
    phrases = (indicator.names["vi"], *indicator.synonyms)
    return {bare(word) for phrase in phrases for word in words_of(phrase)}


@settings(max_examples=400)  # each run draws others
@given(st.sampled_from(NAMES), st.sampled_from(WORDS), st.booleans())
def test_a_word_of_meaning_is_never_passed_over(name: tuple[str, str], word: str, marks: bool) -> None:
    """Put before a name it makes a longer name, turns a share round, or is asked about.

    Without its marks a word may be one of grammar ("đất": đạt), which says nothing.
    """
    id, phrase = name
    assume(not {bare(part) for part in words_of(word)} <= said_of(id))
    assume(marks or FILLER.at(tokens_of(bare(word)), 0) is None)
    text = f"{word} {phrase}"
    found = understand(text if marks else bare(text), DICTIONARY, GAZETTEER, ASKER, TODAY)
    plain = found.query.indicators == (id,) and found.query.measure.aspect is Aspect.LEVEL
    assert not (found.status == "answer" and found.query.intent is Intent.FIGURE and plain)


@settings(max_examples=150)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(["hộ", "bà con", "người dân"]),
    st.sampled_from(["cần", "đề nghị", "muốn"]),
)
def test_who_needs_something_is_not_who_has_it(name: tuple[str, str], who: str, wish: str) -> None:
    """ "Hộ cần hỗ trợ nhà ở" are not the households helped."""
    id, phrase = name
    assume(bare(wish).split(" ")[0] not in said_of(id))
    found = understand(f"{who} {wish} {phrase}", DICTIONARY, GAZETTEER, ASKER, TODAY)
    # A figure whose name is a plan's leads to that plan's clauses, which count nobody.
    told_as_figure = found.status == "answer" and not isinstance(found.query, Plan)
    assert not (told_as_figure and found.query.indicators == (id,))
