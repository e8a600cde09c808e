"""Where a reason is asked for, another number is told from a reason that has a number in it."""

import pytest

from handlers.interviewing.other_figure import other_figure

QUESTION = frozenset(["co", "bao", "nhieu", "ho", "o", "nha", "tam"])
FIGURES = """
so nay la 3 ho | so nay nay la 3 ho | số này là 3 hộ | 3 hộ mới đúng | là 3 hộ | phải là 3 | 3 hộ thôi | chỉ có 3 hộ
đúng ra là 3 hộ | dung ra 3 ho | thực tế 3 hộ | thực tế là 3 hộ ạ | số đúng là 3 | con số đúng là 3 hộ | hiện có 3 hộ
bay gio la 3 ho | sửa thành 3 | sua lai 3 ho | ghi lại là 3 hộ | cho tôi sửa lại 3 hộ | nhầm, 3 hộ | à 3 hộ | 3 hộ ạ
ba hộ | dạ ba hộ ạ | ba ho | có 3 hộ thôi ạ | còn 3 hộ | đếm lại là 3 hộ | dem lai duoc 3 ho | không phải 2, 3 hộ
không phải 2 mà là 3 | 2 sai, 3 đúng | từ 2 lên 3 hộ | tăng lên 3 hộ | giảm còn 3 hộ | tôi nhầm, là 3
bao nham, co 3 ho | thôn có 3 hộ | số mới là 3 hộ | số liệu là 3 hộ | xin sửa là 3 hộ | em ghi 3 hộ nhé | kết quả 3 hộ
3 hộ nhà tạm | tất cả 3 hộ | đúng là 3 hộ | 3 ho nhe | nam nay 3 ho | it should be 3 | bác sửa giúp 3 hộ
xã ghi lại giúp là 3 hộ
"""
REASONS = """
3 hộ mới tách từ tháng 9 | có 3 hộ chuyển đi | 2 nhà mới xây xong | 3 hộ đi làm ăn xa | vì có 3 hộ mới về
1 hộ đã thoát nghèo | đã kiểm tra 3 lần | từ tháng 9 đã vậy | 2 hộ là đúng rồi | đúng 2 hộ, tôi đếm 3 lần
do lũ tháng 9 | 3 nha o xa | năm nay khô hạn | vừa sáp nhập với 3 hộ xóm trên | có 1 hộ mới lắp nước | 3 hộ trên nương
nhà nước hỗ trợ 3 bể | vỡ ống từ ngày 3 | bỏ hoang 3 nhà | 3 hộ dân tộc mới chuyển đến | có 3 hộ không ở
đã đếm 3 hôm nay | đếm lại rồi | số này đúng
"""


def listed(texts: str) -> list[str]:
    return [text.strip() for line in texts.strip().splitlines() for text in line.split("|")]


@pytest.mark.parametrize("text", listed(FIGURES))
def test_another_figure_is_one(text: str) -> None:
    assert other_figure(text, "2", QUESTION) == "3"


@pytest.mark.parametrize("text", listed(REASONS))
def test_a_reason_with_a_number_is_none(text: str) -> None:
    assert other_figure(text, "2", QUESTION) == ""
