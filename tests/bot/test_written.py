"""How a message is written out where there are no buttons: what can be typed, and what is left of it where letters cost."""

import re
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from bot.channels.text import units
from bot.channels.written import UNASKED, choices_in_words, shortened, without_presses, written_out
from handlers.messages import Choice, Picture, Reply, column
from handlers.wording import catalogue, forms_of, wording

SAY = wording("vi")
WAYS = column(Choice("Sửa số này", "a"), Choice("Số này đúng", "b"), Choice("Hỏi lại", "c"))


def test_choices_are_numbered_once_or_have_letters() -> None:
    listed = Reply(Markup("?"), column(Choice("1. Thôn có", "a"), Choice("Khác", "b")))
    assert choices_in_words(listed, SAY) == ["1. Thôn có\n2. Khác"]
    assert choices_in_words(Reply(Markup("?"), WAYS, lettered=True), SAY) == [
        "A. Sửa số này\nB. Số này đúng\nC. Hỏi lại"
    ]
    ranking = Reply(
        Markup("<b>Nước</b>\n1. xã Bà: 9 %\n2. xã Bàn: 8 %"),
        column(Choice("xã Bà", "a"), Choice("xã Bàn", "b")),
    )
    assert choices_in_words(ranking, SAY) == []
    assert choices_in_words(replace(ranking, lettered=True), SAY) == ["A. xã Bà\nB. xã Bàn"]
    other = replace(ranking, choices=column(Choice("xã B", "a"), Choice("Kỳ trước", "b")))
    assert choices_in_words(other, SAY) == ["1. xã B\n2. Kỳ trước"]


def test_a_letter_that_is_cut_short_keeps_what_may_be_typed() -> None:
    cut = shortened(Reply(Markup("Xã nhờ bác xem lại một số.\n" + "Lý do dài. " * 40), WAYS), SAY)
    (words,) = choices_in_words(cut.in_words(), SAY)
    assert words == "Gõ: Sửa số này · Số này đúng · Hỏi lại"
    assert units(cut.text) + units(words) <= UNASKED


def test_a_picture_below_lines_that_say_the_same_is_not_mentioned() -> None:
    picture = Picture("series", {})
    assert (
        "không xem được" not in written_out(Reply(Markup("Nước\ntháng 7: 90 %"), picture=picture), SAY).text
    )
    assert "không xem được" in written_out(Reply(Markup("Tình hình"), picture=picture), SAY).text


def test_of_many_buttons_the_first_are_kept() -> None:
    many = column(*(Choice(f"Làm: phiếu thứ {number} của thôn", str(number)) for number in range(9)))
    cut = shortened(Reply(Markup("Tin tuần."), many), SAY)
    assert 0 < len(cut.choices) < len(many)


SHOWN_WITH_BUTTONS: Final = re.compile(
    r"button|^(admin|why|outbox|forms|privacy|console)\.|_share$|"
    r"^(channel\.(only_private|presses)|emergency\.place_by_hand|interview\.how\.(audio|many_choices)|enrol\.contact\.not_own|window\.ask)$"
)
"""Labels, what only an administrator reads, and what is said only where there is something to press."""


def test_where_nothing_can_be_pressed_no_sentence_says_to_press() -> None:
    told = {
        key: str(without_presses(Markup(form), SAY))
        for key, sentence in catalogue("vi").items()
        for form in forms_of(sentence)
        if not SHOWN_WITH_BUTTONS.search(key)
    }
    assert [key for key, words in told.items() if re.search(r"\b(bấm|nút)\b", words, re.I)] == []
