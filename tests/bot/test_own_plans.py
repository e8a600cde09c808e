"""An office's own plans in the running bot and its commands: a slip is named, and the bot serves all the same."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.doctor import examine
from bot.main import running
from bot.settings import load_settings
from bot.teller import Teller
from plans.reading import use
from storage.database import open_engine, reading
from storage.forms import active_ids
from storage.session import Session
from tests.docs.telling import run
from tests.handlers.chatting import TOWN
from tests.plans.test_own import BAD, HEADS, PROGRAMME, laid
from tests.postgresql import Ground


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture(scope="session")
def ground() -> Ground:
    return TOWN


@pytest.fixture(autouse=True)
def _only_here() -> Iterator[None]:
    """The plans of this test's folder are of no use to others."""
    yield
    use(None)


async def test_the_bot_starts_with_what_is_sound_and_says_what_is_left_out(
    database_url: str, tmp_path: Path
) -> None:
    folder = laid(tmp_path, targets_csv=f"{HEADS}\n{BAD}\n")
    (folder / "forms" / "hong.md").write_text("| survey |\n", encoding="utf-8")
    settings = load_settings(
        database_url=database_url, data_dir=tmp_path / "data", plans_dir=folder, locale="vi"
    )
    with structlog.testing.capture_logs() as logged:
        async with running(settings, []) as app:
            plans = app.library.plans
            assert [target.id for target in plans.programmes["tn-12"].targets] == ["nuoc"]
            assert "vuon" in plans.indicators
    [said] = [entry["event"] for entry in logged if "thonbao plan check" in entry["event"]]
    assert "bỏ qua 2 chỗ sai" in said
    engine = open_engine(database_url)
    async with reading(engine) as session:
        assert isinstance(session, Session)
        assert {"vuon", "nuoc-sach"} <= (await active_ids(session)).keys()
    await engine.dispose()


@pytest.mark.parametrize("locale", ["vi", "en"])
async def test_a_folder_that_is_named_but_missing_is_told_at_the_start_and_by_the_doctor(
    database_url: str, tmp_path: Path, locale: str
) -> None:
    missing = tmp_path / "khong-co"
    settings = load_settings(
        database_url=database_url, data_dir=tmp_path / "data", plans_dir=missing, locale=locale
    )
    with structlog.testing.capture_logs() as logged:
        async with running(settings, []):
            pass
    told = [check.text for check in await examine(settings, Teller(locale)) if check.name == "plans"]
    assert told == [entry["event"] for entry in logged if str(missing) in entry["event"]] != []


def test_plan_check_names_file_row_and_column_of_each_slip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid(tmp_path, targets_csv=f"{HEADS}\n{BAD.replace(',98,,%,2030,,,hộ thôn', ',98%,,%,2030,,,hộ thôn')}\n")
    monkeypatch.chdir(tmp_path)
    said = run(["thonbao", "plan", "check"])
    assert "plans/programmes/tn-12/targets.csv: xau, dòng 2: không có chỉ số “khong-co”" in said
    assert "Traceback" not in said
    assert not (tmp_path / "data").exists()
    listed = run(["thonbao", "plan", "list"])
    assert "Kế hoạch 12 Thái Nguyên" in listed
    assert "thonbao plan check" in listed


def test_a_form_that_was_imported_may_be_asked_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    folder = laid(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    (folder / "forms" / "vuon.md").rename(tmp_path / "vuon.md")
    assert "không có phiếu vuon" in run(["thonbao", "plan", "check"])
    assert "vuon" in run(["thonbao", "form", "import", "vuon.md"])
    assert "không có phiếu vuon" not in run(["thonbao", "plan", "check"])


def test_a_new_plan_is_a_skeleton_that_is_not_in_use_until_it_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(["thonbao", "plan", "new", "tn-26", "--for", "tỉnh Thái Nguyên"])
    assert "plans/programmes/tn-26/programme.toml" in said
    assert "đã có sẵn" in run(["thonbao", "plan", "new", "tn-26"])
    check = run(["thonbao", "plan", "check"])
    assert "tn-26/programme.toml: thiếu title" in check
    assert "không dùng được" in run(["thonbao", "plan", "new", "Kế hoạch"])


@pytest.mark.parametrize(
    ("name", "said"),
    [("Thái Nguyên", "Kế hoạch riêng đọc từ plans: Kế hoạch 12"), ("Thái Nguyen", "tn-12: Thái Nguyen")],
)
def test_doctor_knows_whether_the_unit_of_a_plan_is_there(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    laid(tmp_path, programme_toml=PROGRAMME.replace('name = "Thái Nguyên"', f'name = "{name}"'))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    assert said in run(["thonbao", "doctor"])


def test_each_doubtful_row_of_a_table_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [
        "Chỉ tiêu,Giá trị,Đơn vị,Năm,Đối tượng",
        "Số thôn có điện,100,%,2030,thôn",
        "Tỷ lệ hộ nghèo của người DTTS,980,%,2030,hộ",
    ]
    (tmp_path / "bang.csv").write_text("\n".join(rows), encoding="utf-8")
    call = ["thonbao", "plan", "from-table", "bang.csv", "--for", "tỉnh Thái Nguyên"]
    assert "--preview" in run(call)
    assert not (tmp_path / "plans").exists()
    said = run(call, ["9", "1", ""])
    assert "Gõ một số từ 0 đến 2." in said
    made = (tmp_path / "plans" / "programmes" / "bang" / "targets.csv").read_text(encoding="utf-8-sig")
    made_rows = [(row["id"], row["kind"], row["indicator"]) for row in csv.DictReader(made.splitlines())]
    assert made_rows == [("ht-dien-2030", "target", "ht-dien"), ("chu-2030", "trend", "")]
