"""Places, outlets and given names that the lexicons list."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from analysis.lexicons import read_lexicon


class Place(NamedTuple):
    """A state or body: its canonical name, and the state it belongs to."""

    name: str
    state: str | None
    how: str  # name, capital, alias or adjective


@cache
def places() -> dict[str, Place]:
    """Return states, capitals and bodies by the lower-case words that name them."""
    found: dict[str, Place] = {}
    for state in read_lexicon("places")["states"]:
        name = state["name"]
        for how, forms in (
            ("adjective", state["adjectives"]),
            ("capital", state["capitals"]),
            ("alias", state["aliases"]),
            ("name", [name]),
        ):
            for form in forms:
                found[form.lower()] = Place(name, name, how)
    for body in read_lexicon("places")["bodies"]:
        for form in [body["name"], body["name"].removeprefix("the "), *body["aliases"]]:
            found[form.lower()] = Place(body["name"], body.get("state"), "body")
    return found


@cache
def regions() -> frozenset[str]:
    """Return the lower-case names and abbreviations of parts of states: "texas", "r-tex."."""
    lexicon = read_lexicon("regions")
    return frozenset(w.lower() for w in (*lexicon["names"], *lexicon["abbreviations"]))


@cache
def outlets() -> dict[str, tuple[str, str]]:
    """Return (name, role) of news outlets by their lower-case names."""
    lexicon = read_lexicon("outlets")
    return {
        name.lower().replace("’", "'"): (name, role)
        for role in ("media", "state_media")
        for name in lexicon[role]
    }


@cache
def first_names() -> dict[str, str]:
    """Return m or f for first names that tell."""
    lexicon = read_lexicon("first_names")
    return {**{n: "m" for n in lexicon["male"]}, **{n: "f" for n in lexicon["female"]}}


def places_of(word: str, text: str, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Yield where a word stands in a text, not in the middle of a longer one."""
    at = text.find(word, start, end)
    while at >= 0:
        stop = at + len(word)
        inside = word[0].isalnum() and text[at - 1 : at].isalnum()
        if not inside and not text[stop : stop + 1].isalnum():
            yield at
        at = text.find(word, stop, end)
