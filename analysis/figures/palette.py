"""
Colours and patterns: colour says which frame, pattern says whose voice.

The frame colours descend from Okabe and Ito (2008), "Color Universal Design", with
their lightness spread so that they stay apart in grey and stand out from white paper.
"""

from collections.abc import Iterable
from typing import NamedTuple

INK, QUIET, RULE, PAPER = "#1f2328", "#59626b", "#d5d9dd", "#ffffff"
FRAME_COLOURS = ("#0b3f80", "#d55e00", "#00795c", "#7c3578", "#ba8600", "#1b1e22")
BASE = "#3f6d8e"  # one series, no frame


class VoiceStyle(NamedTuple):
    """How a voice is drawn: hatch and mark in figures, lightness of the fill, its label."""

    hatch: str
    marker: str
    tint: float
    label: str


VOICES = {
    "author": VoiceStyle("", "o", 0.0, "author"),
    "expert": VoiceStyle("////", "^", 0.72, "expert"),
    "official": VoiceStyle("....", "s", 0.72, "official"),
    "party": VoiceStyle("xxxx", "D", 0.72, "party to the event"),
    "other": VoiceStyle("---", "v", 0.72, "other"),
}
TYPES = {"direct": ("", 0.0), "mixed": ("////", 0.55), "indirect": ("....", 0.8)}


def frame_colours(frames: Iterable[str]) -> dict[str, str]:
    """
    Return the colour of each frame, by its place among all frames in order of name.

    Give all frames of the event, found or not, so that a frame keeps its colour in
    every figure. From the seventh frame on colours come round again.

    >>> frame_colours(["desperation", "alliance"])
    {'alliance': '#0b3f80', 'desperation': '#d55e00'}
    """
    names = sorted(set(frames))
    return {name: FRAME_COLOURS[i % len(FRAME_COLOURS)] for i, name in enumerate(names)}


def voice_style(voice: str) -> VoiceStyle:
    """Return how `voice` is drawn; a voice of another event is drawn like `other`."""
    return VOICES.get(voice, VOICES["other"]._replace(label=voice))


def tint(colour: str, share: float) -> str:
    """
    Mix `colour` with white: 0 leaves it, 1 is white.

    >>> tint("#000000", 0.5)
    '#808080'
    """
    parts = (round(255 * (c + (1 - c) * share)) for c in _rgb(colour))
    return "#" + "".join(f"{part:02x}" for part in parts)


def ink_on(colour: str) -> str:
    """Return black or white, whichever is easier to read on `colour`: at least 4.5 to 1."""
    return max(("#000000", PAPER), key=lambda ink: contrast(ink, colour))


def luminance(colour: str) -> float:
    """Return relative luminance, 0 black to 1 white (WCAG 2.2)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
                        for c in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lightness(colour: str) -> float:
    """Return CIE L*, 0 black to 100 white: what is left of a colour in grey."""
    y = luminance(colour)
    return 903.3 * y if y <= 0.008856 else 116 * y ** (1 / 3) - 16


def contrast(one: str, other: str) -> float:
    """
    Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
