"""Runs of capitals that are one name of a body: "Department for Transport"."""

from collections.abc import Callable, Sequence

from analysis.quotes.names import Mention
from analysis.quotes.nouns import body_nouns, institution_role, is_place

_LINKS = frozenset([" of ", " of the ", " for ", " for the ", " on ", " & "])
_MEMBERS = frozenset(
    ["members", "staff", "head", "heads", "leaders", "pupils", "parts", "residents", "villagers"]
    + ["parents", "workers", "voters", "survivors", "passengers", "doctors", "teachers", "students"]
)


def joined(
    text: str, mentions: Sequence[Mention], is_person: Callable[[str], bool]
) -> list[tuple[int, int, str]]:
    """Join runs over "of", "&" and the apostrophe of a plural: "Dockers’ Union" is one name."""
    found: list[tuple[int, int, str]] = []
    at, last = 0, len(mentions) - 1
    while at <= last:
        first = mentions[at]
        start, end = first.start, first.end
        while at < last:
            after = mentions[at + 1]
            gap = after.start - end
            if not 1 < gap < 9 or after.titles:
                break
            between = text[end : after.start]
            plural = between in ("’ ", "' ") and text[end - 1] == "s"
            if plural:
                joins = after.name[-1].lower() in body_nouns()
            elif between == " and ":
                joins = _ends_body(after) and not _ends_body(mentions[at])
            else:
                joins = (
                    between in _LINKS
                    and first.name[-1].lower() not in _MEMBERS
                    and not (len(first.name) > 1 and is_person(" ".join(first.name)))
                    and not (is_place(" ".join(after.name)) and _is_firm(mentions[at]))
                )
            if not joins:
                break
            end, at = after.end, at + 1
        found.append((start, end, text[start:end]))
        at += 1
    return found


def _is_firm(mention: Mention) -> bool:
    return institution_role(mention.name[-1]) in ("business", None)


def _ends_body(mention: Mention) -> bool:
    return mention.name[-1].lower() in (
        "services",
        "fund",
        "committee",
        "institute",
        "council",
        "commission",
    )
