"""Long texts: every part fits, nothing is lost, markup stays whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from bot.channels.text import fits, plain, shorten, split, units
from tests.bot.loopback import without_entities

WORDS = st.text(alphabet="aă€😀 \n&<>'\"", max_size=60)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from(["", "b", "i"])), max_size=8).map(
    lambda pieces: Markup().join(
        Markup(f"<{tag}>%s</{tag}>") % word if tag else escape(word) for word, tag in pieces
    )
)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(TEXTS, st.integers(4, 60))
def test_parts_fit_and_hold_everything(text: Markup, limit: int) -> None:
    parts = split(text, limit)
    seen = [without_entities(part) for part in parts]
    assert all(units(part) <= limit for part in seen)
    assert squeezed("".join(seen)) == squeezed(plain(text))
    assert len(parts) == 1 or all(part.strip() for part in seen)


def test_a_long_text_is_cut_between_lines_and_its_bold_goes_on() -> None:
    text = Markup("<b>một\nhai ba\nbốn</b>")
    assert split(text, 11) == ["<b>một\nhai ba</b>", "<b>bốn</b>"]
    assert split(text, 5) == ["<b>một</b>", "<b>hai</b>", "<b>ba</b>", "<b>bốn</b>"]


def test_lengths_are_counted_as_platforms_count() -> None:
    assert units("a😀ế") == 4
    assert fits(Markup("&lt;b&gt;<b>😀</b>"), 5)
    assert not fits(Markup("&lt;b&gt;<b>😀</b>"), 4)


def test_shorten_says_that_something_is_missing() -> None:
    assert shorten("thôn Nà Hin", 20) == "thôn Nà Hin"
    assert shorten("thôn Nà Hin", 6) == "thôn…"
    assert shorten("😀😀😀", 4) == "😀…"


@pytest.mark.parametrize("tag", ["b", "i", "u", "s", "code", "pre", 'a href="https://x.vn"', "tg-spoiler"])
def test_no_markup_is_left_in_plain_text(tag: str) -> None:
    text = Markup(f"Mã &lt;code&gt;: <{tag}>ABCD</{tag.split()[0]}>, 3 &lt; 4")
    assert plain(text) == "Mã <code>: ABCD, 3 < 4"
    for part in split(text, 8):
        assert part.count("<") % 2 == 0
        assert "href" not in plain(part)
