"""A page of invitations to print on A4, cut along the lines and hand out: one card for each place, with a QR code.

The page is one HTML file that needs nothing else. The QR code leads to the bot, or holds the bare code if no link is
known. Whoever holds a card can use it once: hand it over in person.
"""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import segno
from markupsafe import Markup

from handlers.wording import Wording
from storage import private

STYLE: Final = """
@page { size: A4; margin: 12mm }
* { box-sizing: border-box }
body { font-family: "Noto Sans", "DejaVu Sans", Arial, sans-serif; margin: 0; color: #000; background: #fff }
.sheet { display: grid; grid-template-columns: 1fr 1fr }
.card { border: 1px dashed #777; padding: 6mm; min-height: 88mm; break-inside: avoid; font-size: 10.5pt }
.card h2 { font-size: 12.5pt; margin: 0 0 1mm }
.card p { margin: 0 0 2mm }
.card svg { width: 34mm; height: 34mm; float: right; margin: 0 0 2mm 3mm }
.code { font: bold 13pt "DejaVu Sans Mono", "Courier New", monospace; white-space: nowrap }
.card ol { margin: 0; padding-left: 5mm; clear: both }
.small { font-size: 8.5pt }
"""


@dataclass(frozen=True, slots=True)
class Card:
    """One invitation with its code, which is never known again."""

    id: int
    code: str
    link: str
    role: str
    place_id: int
    place: str
    name: str
    expires: date

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def write_sheet(file: Path, cards: Sequence[Card], say: Wording) -> None:
    """Write the page to `file`, readable only by whoever runs the command. Raises OSError."""
    file.touch(exist_ok=False)
    private.make_file(file)
    try:
        file.write_text(page(cards, say), encoding="utf-8")
    except OSError:
        file.unlink()
        raise


def page(cards: Sequence[Card], say: Wording) -> Markup:
    """The whole page."""
    return Markup(
        '<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        '<style>{style}</style>\n</head>\n<body>\n<div class="sheet">\n{cards}\n</div>\n</body>\n</html>\n'
    ).format(
        lang=say.locale,
        title=say("admin.sheet.title"),
        style=Markup(STYLE),  # noqa: S704 - our own
        cards=Markup("\n").join(card_of(card, say) for card in cards),
    )


def card_of(card: Card, say: Wording) -> Markup:
    """One card: where, which role, the code, and how to use it in three steps."""
    steps = "link" if card.link else "code"
    return Markup(
        '<section class="card">{qr}<h2>{place}</h2><p>{role}{name}</p><p class="code">{code}</p>'
        '<ol><li>{first}</li><li>{second}</li><li>{third}</li></ol><p class="small">{end}</p></section>'
    ).format(
        qr=qr_code(card.link or card.code),
        place=card.place,
        role=say(f"role.{card.role}").capitalize(),
        name=f": {card.name}" if card.name else "",
        code=card.code,
        first=say(f"admin.sheet.{steps}.first"),
        second=say(f"admin.sheet.{steps}.second", code=card.code),
        third=say(f"admin.sheet.{steps}.third"),
        end=say("admin.sheet.end", day=card.expires),
    )


def qr_code(content: str) -> Markup:
    """A QR code as an SVG picture that stands in the page."""
    drawn = io.BytesIO()
    segno.make(content, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, border=4, omitsize=True, nl=False
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - segno writes only its own markup
