"""The official provinces, districts and communes before and after 1 July 2025, and how to load them.

The list is generated once (`generate.py`); `SOURCES.md` says from what and with which corrections.
"""
