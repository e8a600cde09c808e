"""Names, places and answers full of markup, control characters and marks that turn writing round: every message
that holds them is one that Telegram takes, and shows them as plain letters."""

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from handlers.messages import FileRef, Location, MessageKind, Reply
from handlers.tables import COMMANDS
from questionnaires.xlsform import compile_form
from storage import forms
from storage.session import Session
from storage.tables import Attachment, Place, RoleName
from tests.bot.loopback import shown
from tests.handlers.chatting import Phone, Town, text_of
from tests.handlers.test_forged import APOLOGY

ODD = "<b>Nà & Hin</i> \u202eđảo\u2066 \x1b[31m\u200b\u00ad{place} %s"
FORM = """| survey |
| | type | name | label | constraint | constraint_message |
| | text | loi | Nói <b>gì</b> & sao? {loi} | . != 'x' | Đừng <x> & |
| | select_one l | chon | ${loi} <i>? |  | |
| | text | them | Còn ${loi} | | |
| choices |
| | list_name | name | label |
| | l | a | <u>A & B</u> |
| | l | b | {b} %s |
| settings |
| | form_id | form_title |
| | nuoc-sach | Phiếu <b> & {x} |
"""


async def rename(town: Town, form: bool) -> None:
    async def work(session: Session) -> None:
        chosen = update(Place).where(col(Place.id).in_([town.places["Nà Hin"], town.places["Vĩnh Thông"]]))
        await session.exec(chosen.values(name=ODD))
        if form:
            await forms.save_form(session, compile_form(FORM.encode(), "a.md"))

    await town.storage.write(work)


def fine(replies: list[Reply]) -> None:
    """Telegram takes each of these messages, and nothing in them controls how the rest is shown."""
    assert replies
    for reply in replies:
        text = shown(str(reply.text), "HTML", 4096, "text")
        labels = [choice for row in (*reply.choices, *reply.actions) for choice in row]
        assert all(choice.label.strip() and len(choice.data.encode()) <= 64 for choice in labels)
        for written in (text, *(choice.label for choice in labels)):
            odd = {
                letter
                for letter in written
                if unicodedata.category(letter) in ("Cc", "Cf") and letter != "\n"
            }
            assert odd <= {"\u200b", "\u00ad", "\u200d"}, (odd, written)
        assert APOLOGY not in text


async def visit(phone: Phone) -> None:
    for command in COMMANDS:
        if command not in ("/roi", "/leave", "/doinguoi", "/switch"):
            fine(await phone.says(command))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_odd_names_of_people_and_places(kind: str, town: Town) -> None:
    await rename(town, form=False)
    phone = town.phone("1")
    fine(await phone.says(await town.invite("Nà Hin", RoleName.VILLAGE_HEAD, ODD)))
    fine(await phone.presses("Đồng ý"))
    await visit(phone)
    officer = town.phone("2")
    fine(await officer.says(await town.invite("Vĩnh Thông", RoleName.COMMUNE_OFFICER, ODD)))
    fine(await officer.presses("Đồng ý"))
    await visit(officer)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_odd_answers_and_questions(kind: str, town: Town) -> None:
    await rename(town, form=True)
    phone = await town.head("1", "Nà Hin", ODD)
    fine(await phone.says("/baocao"))
    fine(await phone.presses("Phiếu"))
    fine(await phone.says("x"))
    fine(await phone.says(ODD))
    fine(await phone.sends(MessageKind.LOCATION, location=Location(1.0, 2.0, None)))
    fine(await phone.says("<u>A & B</u>"))
    fine(await phone.says(ODD * 20))
    fine(await phone.presses("Gửi"))
    fine(await phone.says("/baocao"))
    fine(await phone.presses("Xem"))


@pytest.mark.parametrize(
    "photo", [FileRef("a", 4_000_000_000, "a.tif"), FileRef("x" * 5000, 0), FileRef("a\0b", 1, "../../x\0")]
)
async def test_whatever_a_photo_claims_to_be_it_is_handled(town: Town, photo: FileRef) -> None:
    """Also what a database cannot hold: a message that failed in it would be delivered again for ever."""

    async def work(session: Session) -> None:
        await forms.save_form(
            session, compile_form(FORM.replace("text | loi", "image | loi").encode(), "a.md")
        )

    await town.storage.write(work)
    phone = await town.head("1")
    await phone.says("/baocao")
    await phone.presses("Phiếu")
    assert await phone.sends(MessageKind.PHOTO, photo=photo)
    assert await phone.says("/baocao")


def heard(ref: str = "a", media: str = "audio/ogg", name: str = "", size: int = 9) -> dict[str, Any]:
    """What a recording, or a file, comes with."""
    return {"file": FileRef(ref, size, name, media), "what": "voice" if media else "document"}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(("type_", "what"), [("audio", "đoạn ghi âm"), ("image", "ảnh"), ("file", "tệp")])
async def test_a_channel_that_can_send_none_says_so_and_leads_on(
    town: Town, kind: str, type_: str, what: str
) -> None:
    form = compile_form(FORM.replace("text | loi", f"{type_} | loi").encode(), "a.md")

    async def work(session: Session) -> None:
        await forms.save_form(session, form)

    await town.storage.write(work)
    town.channel.can = replace(town.channel.can, takes=frozenset())
    phone = await town.head("1")
    await phone.says("/baocao")
    cannot = f"Kênh nhắn tin này không gửi được {what}. Bác chọn «Bỏ qua»"
    assert cannot in text_of(await phone.presses("Phiếu"))
    for said in (await phone.says("bà con đồng ý"), await phone.sends(MessageKind.OTHER, what="voice")):
        assert cannot in text_of(said)
        assert "Câu này cần" not in text_of(said)
    assert cannot not in text_of(await phone.presses("Bỏ qua"))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("type_", "right", "wrong", "asked"),
    [
        ("audio", heard(), heard(media="video/mp4"), "ghi âm"),
        ("audio", heard(media="", name="loi-ke.mp3"), heard(media="", name="so-lieu.xlsx"), "ghi âm"),
        ("video", heard(media="video/mp4"), heard(), "phim"),
        ("file", heard(media="", name="bien-ban.pdf"), heard(size=30_000_000), "20 MB"),
        ("file", {"photo": FileRef("p", 9)}, heard(media="image/tiff", size=30_000_000), "20 MB"),
    ],
)
async def test_a_recording_a_film_or_a_file_is_an_answer(
    town: Town, kind: str, type_: str, right: dict[str, Any], wrong: dict[str, Any], asked: str
) -> None:
    form = compile_form(FORM.replace("text | loi", f"{type_} | loi").encode(), "a.md")

    async def work(session: Session) -> None:
        await forms.save_form(session, form)

    await town.storage.write(work)
    phone = await town.head("1")
    await phone.says("/baocao")
    await phone.presses("Phiếu")
    assert asked in text_of(await phone.sends(MessageKind.OTHER, **wrong))
    assert type_ == "file" or asked in text_of(await phone.says("bà con đồng ý"))
    await phone.sends(MessageKind.PHOTO if "photo" in right else MessageKind.OTHER, **right)
    async with town.storage.reading() as session:
        [sent] = await session.exec(select(Attachment))
    assert (sent.path, sent.file_ref) == ("/data/loi", (right.get("file") or right["photo"]).ref)
    assert (sent.media_type == "") == ("photo" in right)
