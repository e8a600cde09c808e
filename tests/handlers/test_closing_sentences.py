"""Which sentences close an emergency by themselves: only what says that it is over, settled or a mistake."""

import pytest

from handlers.danger import may_close

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
