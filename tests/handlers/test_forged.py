"""Buttons whose data somebody made up, and texts that no person types: one sensible reply, no effect.

Telegram sends on whatever a modified client claims to have pressed. Nothing of it may reach beyond the sender's
own rights, and nothing of it may fail in the database: such a message would be delivered again for ever.
"""

from typing import Any, Final

import pytest

from handlers.buttons import to_base36
from handlers.tables import PRESSES
from handlers.wording import wording
from storage.tables import Contact, InterviewRow, Outbox, Person, Role, RoleName, Submission
from tests.handlers.chatting import Phone, Town, begin_interview, send_report, text_of

NUMBERS = (
    "0", "1", "2", "-1", "1e3", "٣", "²", "zzzzzzzzzzzz", "2147483647", "2147483648", "zik0zk",
    "9223372036854775808", "9" * 60, "1y2p0ij32e8e7", "", "\0", "🙂",
)  # fmt: skip
SHAPES = (
    "{p}", "{p}:", "{p}:{n}", "{p}:{n}:", "{p}:{n}:{n}", "{p}:{n}:-:r", "{p}:{n}:0:v0", "{p}:{n}:{n}:{n}",
    "{p}:b:{n}:{n}:2026-11", "{p}:t:{n}:{n}:{n}", "{p}:n:{n}:{n}:2026-W99", "{p}:v:{n}", "{p}:c:{n}", "{p}:o:{n}",
    "{p}:p:{n}:0:0", "{p}:p:{n}:{n}:{n}", "{p}:s:{n}:0:nuoc-sach", "{p}:m:{n}:0:x", "{p}:n:{n}:0:*",
    "{p}:r:{n}:0:0", "{p}:v:{n}:0:0", "{p}:yes:{n}", "{p}:{n}:p:{n}", "{p}:{n}:d:{n}", "{p}:::::::",
)  # fmt: skip
APOLOGY = str(wording("vi")("common.fault"))
"""What a person reads when a handler failed."""


FEW: Final = ("0", "2", "2147483648", "\0")
"""Enough for those whom no button answers: what a right number, a wrong one and no number look like."""
ODD: Final = ("2", "\0")
"""For shapes that no button has: each is refused as a shape, so that one number of a kind shows enough."""
STORABLE: Final = ("0", "1", "2147483647", "2147483648", "zik0zk", "9223372036854775808", "\0", "🙂")
"""What may reach the database as a value."""
BEYOND: Final = ("1", "2147483648", "9223372036854775808", "\0")
"""Of these what the databases take differently: a number of a row, two that are too large for a column, no text."""


STORED: Final = (
    "{p}:{n}",
    "{p}:{n}:{n}:{n}",
    "{p}:p:{n}:{n}:{n}",
    "{p}:v:{n}",
    "{p}:s:{n}:0:nuoc-sach",
    "{p}:yes:{n}",
)
"""Shapes of which each kind of button understands some, so that its number is looked for."""


def forged(prefix: str, phone: Phone, kind: str, stranger: Phone) -> list[str]:
    """Data of buttons with this prefix that nobody was shown, each once, at most 64 bytes.

    How they are read is the same on both databases, and a stranger's never reach one.
    """
    if phone is stranger:
        tries = dict.fromkeys(STORED, FEW if kind == "sqlite" else ODD)
    elif kind == "sqlite":
        tries = dict.fromkeys(STORED, STORABLE) | dict.fromkeys(("{p}:{n}", "{p}:v:{n}"), NUMBERS)
        tries |= {shape: ODD for shape in SHAPES if shape not in STORED}
    else:
        tries = dict.fromkeys(STORED, BEYOND)
    made = {shape.format(p=prefix, n=number): None for shape, some in tries.items() for number in some}
    return [data for data in made if len(data.encode()) <= 64]


async def state(town: Town, besides: Phone) -> dict[str, Any]:
    """What must stay as it is, whatever the phone `besides` presses."""
    contacts = [row for row in await town.rows(Contact) if row.address != besides.address]
    others = {row.id for row in contacts}
    owners = {row.person_id for row in contacts}
    return {
        "people": [(row.id, row.name) for row in await town.rows(Person)],
        "roles": [(row.person_id, row.place_id, row.role, row.until) for row in await town.rows(Role)],
        "sent": [(row.id, row.current, row.answers) for row in await town.rows(Submission)],
        "contacts": [(row.id, row.person_id, row.interview_id, row.locale, row.screen) for row in contacts],
        "interviews": [
            (row.id, row.status, row.state)
            for row in await town.rows(InterviewRow)
            if row.person_id in owners
        ],
        "told": [row.id for row in await town.rows(Outbox) if row.contact_id in others],
    }


async def answered(phone: Phone, data: str) -> None:
    """Press what nobody was shown: an answer comes, and it is not that something failed."""
    said = await phone.presses_data(data)
    assert said, data
    assert APOLOGY not in text_of(said), data


@pytest.mark.each_on_postgresql
@pytest.mark.parametrize("prefix", sorted({*PRESSES.patterns, "zz"}))
async def test_a_made_up_button_has_no_effect_beyond_ones_rights(kind: str, town: Town, prefix: str) -> None:
    head = await town.head("1")
    other = await town.head("2", "Xiềng Tắm", "Vi Thị Mai")
    theirs = to_base36(await begin_interview(town, other, "nuoc-sach", "Xiềng Tắm"))
    await send_report(town, "nuoc-sach", "Xiềng Tắm", {"/data/nuoc_ho": "10"}, back=1)
    person = (await head.contact()).person_id
    stranger = town.phone("3")
    for phone in (stranger, head):
        before = await state(town, phone)
        for data in [
            *forged(prefix, phone, kind, stranger),
            f"{prefix}:{theirs}:0:r",
            f"{prefix}:{theirs}:-:s",
        ]:
            if data != f"x:yes:{person}":
                await answered(phone, data)
        assert await state(town, phone) == before


async def test_made_up_moves_within_ones_own_interview_store_nothing(kind: str, town: Town) -> None:
    head = await town.head("1")
    row_id = await begin_interview(town, head, "nuoc-sach", "Nà Hin")
    await head.says("12")
    stem = f"q:{to_base36(row_id)}"
    moves = [("0", ""), ("1", ""), ("0", "99999999999")]
    if kind == "sqlite":  # how a number is read is the same on both
        moves += [(mark, "") for mark in ("-", "9z", "1.1", "²")]
        moves += [(mark, rest) for mark in "0-" for rest in ("²", "٣", "-1", "zz", ":")]
    moving = {kind.wire.text.rpartition(":")[2][0] for _, kind in PRESSES.patterns["q"]}
    for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0-":
        # Of letters that move nothing, one shape shows enough.
        for mark, rest in (moves if letter in moving else moves[:1]) if letter not in "xX" else ():
            await answered(head, f"{stem}:{mark}:{letter}{rest}")
    [row] = await town.rows(InterviewRow)
    kept = {path: value for path, value in row.state["values"].items() if "/meta/" not in path}
    assert kept == {"/data/nuoc_ho": "12"}
    assert not await town.rows(Submission)


ODD_TEXTS = (
    "\0", "a\0b", "\x1b[31m", "\u202eđảo\u202c", "\u200b", "\ufeff", "<b>", "</b></i>&amp;&", "<a href='x'>", "\\", "%s{}",
    "{0.__class__}", "{position}", "{{", "`*_~[x](y)", "=1+1", "' or 1=1 --", "🙂" * 300, "ế" * 4096, "\n" * 200, " ",
    "1" * 4096, "/", "//", "/ ", "/@", "/start@", "/start " + "A" * 64, "/start <b>", "/ma \0", "/\0", "/báocáo", "\u2028",
    "٣", "²", "½", "a\u0301" * 200, "\U000e0041", "\ud7ff", "1e400", "-0", "NaN", "Infinity", "0x10", "1_000",
)  # fmt: skip


@pytest.mark.parametrize("where", ["stranger", "menu", "interview", "officer"])
async def test_whatever_is_typed_gets_a_reply(town: Town, where: str) -> None:
    phone = town.phone("9")
    if where in ("menu", "interview"):
        phone = await town.head("9")
    if where == "officer":
        phone = await town.enrolled("9", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Cán bộ")
    if where == "interview":
        await begin_interview(town, phone, "nuoc-sach", "Nà Hin")
    for text in ODD_TEXTS:
        said = await phone.says(text)
        assert said, repr(text)
        assert APOLOGY not in text_of(said), repr(text)
    assert not await town.rows(Submission)
