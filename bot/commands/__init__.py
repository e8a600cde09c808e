"""The commands of `thonbao`, each with its help and the file that is imported when it is called.

A newcomer adds a file with a function `register(app)`, and a line here for each command.
"""

from typing import Final, NamedTuple


class CommandEntry(NamedTuple):
    """A command or a group of them. `module` is a file of this folder; `help` is "Việt / English"."""

    module: str
    help: str


COMMANDS: Final[dict[str, CommandEntry]] = {
    "demo": CommandEntry(
        "demo",
        "Chạy thử với các thôn giả lập / try the bot on invented villages. Without a terminal: a tour.",
    ),
    "chat": CommandEntry(
        "chat", "Nói chuyện với bot trong cửa sổ lệnh / talk to the bot in the terminal. /q leaves."
    ),
    "serve": CommandEntry(
        "serve", "Chạy bot cho đến khi dừng (Ctrl-C, SIGTERM) / run the bot until it is stopped."
    ),
    "init": CommandEntry(
        "init", "Tạo hoặc nâng cấp cơ sở dữ liệu / make the database or bring it to this version."
    ),
    "setup": CommandEntry(
        "setup", "Cài đặt từng bước, từ thư mục trống đến lời mời đầu tiên / set everything up, step by step."
    ),
    "place": CommandEntry("place", "Địa bàn / places."),
    "people": CommandEntry("people", "Người dùng / people."),
    "invite": CommandEntry(
        "invite",
        "Tạo mã mời / invitations: one-time codes for a role at a place. A code is shown only once, here.",
    ),
    "form": CommandEntry("form", "Phiếu hỏi / questionnaires."),
    "plan": CommandEntry("plan", "Kế hoạch / the plans."),
    "period": CommandEntry("period", "Kỳ báo cáo / reporting periods."),
    "read": CommandEntry(
        "read", "Xem một câu trả lời được hiểu thế nào / show how a typed answer is understood, as JSON."
    ),
    "ask": CommandEntry("ask", "Hỏi số liệu bằng lời thường / ask for figures in plain Vietnamese."),
    "export": CommandEntry(
        "export", "Xuất báo cáo ra tệp / reports as a file: CSV, JSON lines, Excel, DHIS2, OpenRosa."
    ),
    "broadcast": CommandEntry(
        "broadcast",
        "Gửi tin tuần cho ai chưa nhận tuần này / send the weekly summary to everybody who has not had this week's.",
    ),
    "remind": CommandEntry(
        "broadcast",
        "Gửi lời nhắc và danh sách cần gọi điện / send the reminders and lists of whom to phone that are due today.",
    ),
    "letters": CommandEntry(
        "letters",
        "Tin máy tự gửi cho một người / what the bot sends one person by itself in a week; sends nothing.",
    ),
    "cost": CommandEntry(
        "cost",
        "Ước tính tiền tin nhắn của một tháng / estimate what a month of messages costs on each channel.",
    ),
    "outbox": CommandEntry(
        "broadcast",
        "Xem, gửi lại tin không gửi được / messages that were given up: read them, try them again.",
    ),
    "verify": CommandEntry(
        "admin", "Tính lại từ các báo cáo và so sánh / recompute from the reports; exit code 1 if it differs."
    ),
    "history": CommandEntry(
        "history", "Lịch sử một báo cáo, một con số / what happened to a report or a figure of it."
    ),
    "privacy": CommandEntry(
        "privacy",
        "Dữ liệu cá nhân / people's requests, how long things are kept, the papers that the law asks for.",
    ),
    "backup": CommandEntry(
        "admin",
        "Sao lưu cơ sở dữ liệu và ảnh khi máy đang chạy / copy database and photos while the bot runs.",
    ),
    "restore": CommandEntry(
        "admin", "Khôi phục từ bản sao lưu (dừng Thôn Báo trước) / put a copy back (stop the bot first)."
    ),
    "doctor": CommandEntry(
        "admin",
        "Kiểm tra cài đặt, cơ sở dữ liệu, phiếu / check settings, database, forms; exit code 1 if something is wrong.",
    ),
}
