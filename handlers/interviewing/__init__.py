"""How a questionnaire is talked through: one file per thing that happens between "Báo cáo" and the receipt.

`handlers/interviewing/fill_in.py` is the door to this package; nothing else imports from it.
"""
