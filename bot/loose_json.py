"""Reads JSON from a platform, even if part of it is not proper text.

Some phones cut an emoji in two and send half of a surrogate pair. orjson refuses that, and with it the whole message.
"""

import json

import orjson


def loads(payload: bytes) -> object:
    """Return the value of `payload`. Raises ValueError if it is not JSON."""
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        pass
    try:
        return mended(json.loads(payload.decode(errors="replace")))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def mended(value: object) -> object:
    """`value` with a question mark for each half of a pair."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, list):
        return [mended(item) for item in value]
    if isinstance(value, dict):
        return {mended(name): mended(item) for name, item in value.items()}
    return value
