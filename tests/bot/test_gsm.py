"""The alphabet of an SMS: everything that the bot says fits into it, and what it costs is counted as carriers do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.gsm import BASIC, EXTENDED, parts_in, unmarked


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Đường ô tô đến thôn: ạ ẵ ỹ ư", "Duong o to den thon: a a y u"),
        ("✅ Ghi nhận: 120 hộ.\n\nCâu 2/7. «Gửi»?", 'Ghi nhan: 120 ho.\nCau 2/7. "Gui"?'),
        ("▓▓▓░░ 87,5 % … 5 m²", "87,5 % ... 5 m2"),
        ("1. ↑ Quay lại\n2. « Kỳ trước", "1. Quay lai\n2. Ky truoc"),
        ("nhắn «🆘 Khẩn cấp», ↑ 3 hộ", 'nhan "Khan cap", + 3 ho'),
        ("🙏", ""),
        ("ខ្មែរ x", "??? x"),
        ("a\u0323 e\u0302\u0301", "a e"),
    ],
)
def test_what_is_sent_has_no_marks(text: str, sent: str) -> None:
    assert unmarked(text) == sent


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_nothing_leaves_the_alphabet(text: str) -> None:
    sent = unmarked(text)
    assert set(sent) <= BASIC | EXTENDED
    assert unmarked(sent) == sent


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("[" * 80, 1),
        ("[" * 81, 2),
        # The 153rd place is left empty where only half of a letter of two would fit into it.
        ("a" * 152 + "[" + "a" * 151, 2),
        ("a" * 152 + "[" + "a" * 152, 3),
    ],
)
def test_parts_are_counted_as_they_are_paid_for(text: str, parts: int) -> None:
    assert parts_in(text) == parts
