"""Reads an official's question, often half a sentence, into one that figures can answer.

A grammar, and dictionaries made from the plans' own data; no language model, no network. Every word must be accounted
for: the bot asks about a word that is left over and never ignores it, because that word may change the meaning ("hộ
cận nghèo" is not "hộ nghèo"). Nothing here knows a database or a chat.
"""
