"""`thonbao form from-table`: a form from the table in which an office collects figures today.

`reading` opens the file. Its indicators stand in `rows` or head the `columns`; each becomes one of the `wishes`, of which
`draft` writes the form. How offices write such tables is data: `bot/words/bang-bieu.toml`.
"""
