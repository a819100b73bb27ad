"""The record of a speaker, and how several are named together."""

import re
from typing import NamedTuple

STATE_MEDIA = re.compile(
    r"(?:state(?:-run|-owned|-controlled)?|official|government-run|party)\s+(?:news\s+)?"
    r"(?:media|television|tv|radio|broadcaster|newspaper|news agency|agency)\b",
    re.I,
)
OF = re.compile(
    r"\s(?:of|for|at|from|in|to|with|on|who|that|which|by|inside|among|near|about|against|under"
    r"|outside|behind|familiar|briefed|close)\s",
    re.I,
)


class Speaker(NamedTuple):
    """Who speaks: canonical name, role and affiliation, each None where unknown."""

    name: str | None
    role: str | None = None
    affiliation: str | None = None
    role_from: str | None = None
    affiliation_from: str | None = None
    gender: str | None = None
    number: str = "one"  # one, many or thing


UNRESOLVED = Speaker(None)


def thing(name: str | None, role: str | None, origin: str) -> Speaker:
    """Return a speaker that is no person: a state, a body, an outlet, a text."""
    return Speaker(name, role, None, origin if role else None, None, None, "thing")


def listed(names: list[str]) -> str:
    """Join names: "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
