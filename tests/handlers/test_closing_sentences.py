"""Which sentences close an emergency by themselves: only what says that it is over, settled or a mistake."""

from pathlib import Path

import pytest

from handlers.closing import closes, may_close
from storage.tables import Emergency

LINES = Path(__file__).with_name("closing.txt").read_text(encoding="utf-8").splitlines()

OVER = (
    "nhầm thôi, thôn bình thường",
    "toi bam nham, thon van binh thuong",
    "Không có gì đâu, cháu nghịch máy",
    "chau no nghich dien thoai bam nham",
    "nước rút rồi, bà con an toàn",
    "het lu roi, ko ai lam sao",
    "đã dập xong, cảm ơn xã",
    "đỡ rồi",
    "on roi",
    "Mọi việc đã ổn",
    "da thong duong",
    "Đã đưa ông Tư ra viện, hết nguy hiểm",
    "có cháy nhưng dập xong rồi",
    "bam nham mong can bo thong cam",
    "Tôi bấm nhầm, thôn vẫn bình thường",
    "nham roi, chua co gi xay ra",
    "Nước đã rút, mọi người an toàn",
    "nuoc da rut, moi nguoi van an toan",
    "không sao, chưa ai bị gì",
    "thôi chết, tôi bấm nhầm rồi",
    "bấm nhầm mà không có gì đâu",
    "con toi nghich may bam nham",
    "dap tat roi, khong con lua",
    "tim thay chau roi, con song khoe",
    "đường thông rồi, xe đi lại được",
    "the fire is out, everybody is safe",
    "everyone is fine now, it was a mistake",
    "the water has gone down",
    "nobody is missing, flood is over",
    "đã tiêu huỷ hết xong, không còn ca nào",
    "đã tìm được cháu, cháu khoẻ",
)
GOES_ON = (
    "bấm nhầm nhưng cháy thật",
    "nham nut, khong phai sat lo ma la chay",
    "mọi người ổn cả, chưa thấy cháu Dín đâu",
    "moi nguoi on ca, chua thay chau Din dau",
    "đã đưa đi bệnh viện nhưng vẫn nguy kịch",
    "an toan roi, can gap thuoc",
    "xong rồi, mất hết rồi",
    "đã tìm thấy xác",
    "da tim thay xac",
    "nước vẫn dâng",
    "có 2 người chết",
    "chưa liên lạc được",
    "vẫn đang cứu, chưa xong",
    "đang thông đường, chưa xong",
    "không rõ",
    "chưa rõ",
    "chua ro",
    "không bấm nhầm đâu, nhà sập thật",
    "da yen, chi con ong Pao bi vui",
    "het mua roi nhung dat van lo",
    "bam nham, dung ra la lu quet",
    "không ai bị thương, đường vẫn tắc",
    "yên gì mà yên",
    "bà Mai mất rồi",
    "on roi nhung con thieu nuoc",
    "dap xong roi, con 2 nha chay",
    "nuoc rut roi, ba con dang can gao",
    "yên rồi, ông Tu chết rồi",
    "hết lũ rồi, đang tìm cháu Dín",
    "xong roi nhung lai sat tiep",
    "đã cứu được 2 cháu, còn một cháu chưa thấy",
    "ok roi, xin thuoc",
    "an toàn rồi nhưng thiếu chăn",
    "mọi người an toàn cả rồi hả?",
    "moi nguoi an toan ca roi ha",
    "is everybody safe?",
    "the fire is not out",
    "not everybody is safe",
    "everybody is safe except my son",
    "fire is out but we need water",
    "đã tìm được cháu nhưng cháu mất rồi",
)


@pytest.mark.parametrize("words", OVER)
def test_what_says_that_it_is_over_closes(words: str) -> None:
    assert may_close(words)


@pytest.mark.parametrize("words", GOES_ON)
def test_what_says_that_something_goes_on_is_needed_or_lost_closes_nothing(words: str) -> None:
    assert not may_close(words)


def test_sentences_of_all_regions_close_or_do_not() -> None:
    closing, others = ([line[2:] for line in LINES if line.startswith(sign)] for sign in "+-")
    assert [words for words in closing if not may_close(words)] == []
    assert [words for words in others if may_close(words)] == []
    assert [words for words in others if may_close(f"mọi người an toàn rồi, {words}")] == []
    assert [words for words in others if may_close(f"nuoc rut roi {words}")] == []


def test_only_what_stands_out_by_its_capital_is_a_name() -> None:
    assert may_close("Nhà ông Hai ổn rồi, bà con thôn Nà Hin an toàn")
    for words in ("Nước Rút Rồi, Nhà Ông Hai Sập", "YÊN RỒI, NHÀ ÔNG HAI SẬP", "An Toàn Rồi, Cháu Lan Đuối"):
        assert not may_close(words), words


def test_what_is_over_is_the_danger_that_is_open() -> None:
    said = {
        "lu-quet": (
            "lửa tắt hẳn rồi",
            "dap xong roi",
            "hết dịch rồi, bà con khoẻ",
            "the fire is out",
            "không có cháy đâu",
        ),
        "chay": (
            "nước rút rồi, bà con an toàn",
            "nuoc rut roi",
            "mưa tạnh rồi",
            "het lu roi",
            "đường thông rồi",
        ),
        "dich-benh": ("dập tắt rồi", "nước xuống rồi", "hết sạt rồi"),
        "sat-lo": ("đám cháy đã dập tắt", "đã tiêu huỷ xong"),
    }
    assert [
        (kind, words) for kind in said for words in said[kind] if closes(Emergency(kind=kind), words)
    ] == []
    also = {
        "lu-quet": (
            "nước rút rồi, lửa cũng tắt rồi",
            "mọi người an toàn rồi",
            "đường thông rồi",
            "tôi bấm nhầm",
        ),
        "sat-lo": ("mưa tạnh rồi, đường thông rồi", "nước rút rồi, bà con an toàn"),
        "chay": ("đã dập xong, cảm ơn xã", "bấm nhầm"),
    }
    assert [
        (kind, words) for kind in also for words in also[kind] if not closes(Emergency(kind=kind), words)
    ] == []
    fire = Emergency(kind="khac", details=[{"text": "cháy lớn, cứu với", "what": "words"}])
    assert closes(fire, "dập xong rồi")
