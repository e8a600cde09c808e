"""What an official asks, in half a sentence: from words to a question that can be answered from figures.

A grammar and dictionaries made from the plans' own data; no language model, no network. Every word of a question
must be accounted for: what is left over is asked about, never passed over, because the left-over word may be the
one that changes the meaning ("hộ cận nghèo" is not "hộ nghèo"). Nothing here knows a database or a chat.
"""
