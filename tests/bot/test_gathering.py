"""Letters that go as one message, and what can be pressed below them."""

from markupsafe import Markup

from bot.channel_queue import HeldMessage
from bot.gathering import gathered
from handlers.messages import Choice, Reply, column
from storage.outbox import DueMessage


def held(number: int, reply: Reply) -> HeldMessage:
    return HeldMessage(DueMessage(number, 1, "zalo-oa", "a", reply.to_json(), priority=2), 0.0)


def test_buttons_of_the_same_label_that_do_different_things_are_numbered() -> None:
    look = Choice("Xem tình hình", "look")
    letters = [
        held(number, Reply(Markup(words), column(Choice("Đã đọc", f"read:{number}"), look)))
        for number, words in enumerate(("Họp <b>mai</b>", "Phát quà"), 1)
    ]
    letters[0].others = letters[1:]
    one = gathered(letters[0])
    assert one.text == "(1) Họp <b>mai</b>\n\n———\n\n(2) Phát quà"
    assert [choice for row in one.actions for choice in row] == [
        ("Đã đọc (1)", "read:1"),
        look,
        ("Đã đọc (2)", "read:2"),
    ]
    letters[0].others = []
    assert gathered(letters[0]).text == "Họp <b>mai</b>"
