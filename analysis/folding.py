"""
Texts as bytes in which only words are left: lower case, all else a space, length kept.

The first half of the buffer scan (see `counting`). The few characters above 127 are folded
one by one; where lower-casing would change the length or depend on the context, `fold`
gives up, and the caller asks `re`.
"""

import re
from functools import lru_cache

import numpy as np

from analysis.text import WORD

RULES = ("terms", "words")
SPACE = 32
_APOSTROPHE, _STOP, _CURLY = 1, 2, 3  # what the fold leaves where a word may go on
_LAST_NOT_WORD = 47  # in folded bytes, everything above belongs to a word
_CHUNK = re.compile(rb"[\x02'0-9a-z_\x80-\xff]+")


class _Fold(dict):
    """What becomes of a character above 127: lower-cased, or a space for each byte."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        size = len(letter.encode("utf-8", "surrogatepass"))
        folded = letter.lower() if re.match(r"\w", letter) else " " * size
        self[code] = "" if _is_odd(letter) else folded
        return self[code]


def _is_odd(letter: str) -> bool:
    """Say whether lower-casing depends on the context or changes the length in bytes."""
    return letter == "Σ" or len(letter.lower().encode("utf-8", "surrogatepass")) != len(
        letter.encode("utf-8", "surrogatepass"))


ODD = re.compile("[" + "".join(filter(_is_odd, map(chr, range(0x11000)))) + "]")
_FOLDS = {"words": _Fold(), "terms": _Fold({ord("’"): chr(_CURLY) * 3})}


def _ascii_table(rule: str) -> bytes:
    marks = {ord("'"): _APOSTROPHE, ord("."): _STOP} if rule == "terms" else {}
    return bytes(marks.get(b, ord(chr(b).lower()) if chr(b).isalnum() or chr(b) == "_" else SPACE)
                 for b in range(128)) + bytes(range(128, 256))


_ASCII = {rule: _ascii_table(rule) for rule in RULES}


def fold(raw: bytearray, rule: str) -> bytearray | None:
    """Lower-case the words and blank all else, length kept; None if that cannot be done."""
    data = raw.translate(_ASCII[rule])
    view = np.frombuffer(data, np.uint8)
    if not raw.isascii():
        high = np.flatnonzero(view > 127)
        other = view[high].tobytes().decode("utf-8", "surrogatepass")
        folded = other.translate(_FOLDS[rule]).encode("utf-8", "surrogatepass")
        if len(folded) != len(high):
            return None
        view[high] = np.frombuffer(folded, np.uint8)
    if rule == "terms":
        _settle_marks(data, view)
    return data


def _settle_marks(data: bytearray, view: np.ndarray) -> None:
    """Keep the apostrophes and stops that belong to a word, blank the others."""
    marks = np.flatnonzero(view < SPACE)
    kind = view[marks]
    stops, straight, curly = (marks[kind == k] for k in (_STOP, _APOSTROPHE, _CURLY))
    curly = curly[::3]  # its first byte of three
    straight_joins = (view[straight - 1] > _LAST_NOT_WORD) & (view[straight + 1] > _LAST_NOT_WORD)
    curly_joins = (view[curly - 1] > _LAST_NOT_WORD) & (view[curly + 3] > _LAST_NOT_WORD)
    view[straight] = np.where(straight_joins, ord("'"), SPACE)
    for i, byte in enumerate("’".encode()):
        view[curly + i] = np.where(curly_joins, byte, SPACE)
    _keep_dotted(data, view, stops)
    left = stops[view[stops] == _STOP]
    view[left] = SPACE


def _keep_dotted(data: bytearray, view: np.ndarray, stops: np.ndarray) -> None:
    """Let `WORD` itself decide the few places that look like "U.S."."""
    before, after = view[stops - 1], view[stops + 1]
    letter = (before > 127) | ((before > ord("9")) & (view[stops - 2] <= _LAST_NOT_WORD))
    done = 0
    for stop in stops[letter & (after > ord("9"))].tolist():
        if stop < done:
            continue
        start = stop
        while data[start - 1] > _LAST_NOT_WORD or data[start - 1] in b"\x02'":
            start -= 1
        done = _CHUNK.match(data, start).end()
        data[start:done] = _settled(bytes(data[start:done]))


@lru_cache(10_000)
def _settled(chunk: bytes) -> bytes:
    """Blank what separates the words of a chunk of letters, stops and apostrophes."""
    text = chunk.replace(bytes([_STOP]), b".").decode()
    pieces, last = [], 0
    for word in WORD.finditer(text):
        pieces += [" " * len(text[last:word.start()].encode()), word.group()]
        last = word.end()
    return "".join([*pieces, " " * len(text[last:].encode())]).encode()
