"""Roles and affiliations: what titles, appositions and affiliations say about a speaker."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from analysis.lexicons import read_lexicon
from analysis.quotes.cues import rule_words
from analysis.quotes.names import Mention, outlets, places
from analysis.quotes.titles import honorifics, modifiers, role_nouns

_ARTICLES = rule_words("articles")
_BODY_TITLES = rule_words("body_titles")
_TITLE_LINKS = rule_words("title_links")

_CAP = r"[^\W\d_a-zß-öø-ÿ][\w’'&.-]*"
_ORG = rf"{_CAP}(?:\s(?:(?:of|for|and|the|de|on|in|at|&)\s(?:the\s)?)?{_CAP})*"
_AFTER = re.compile(
    rf"\s*,?\s*(?:of|from|at|for|with|to)\s+(?:the\s+|a\s+|an\s+)?(?:[\w’'-]+-based\s+)?({_ORG})"
)
_WHO = re.compile(
    r",?\s+who\s+(?:is\s+|was\s+)?(?:now\s+)?(directs?|directed|heads?|headed|leads?|led|runs?|ran"
    r"|chairs?|chaired|founded|co-founded|manages?|owns?|owned|edits?|edited|represents?|represented"
    r"|governs?|rules?|works?\s+(?:for|at)|worked\s+(?:for|at)|teach(?:es)?(?:\s+[\w ]{1,30})?\s+at"
    r"|studies|serves?\s+(?:at|on|in)|with|at|from)\s+(?:the\s+|a\s+)?"
    rf"(?:[\w’'-]+-based\s+)?({_ORG})?"
)
_WITHIN = re.compile(
    rf"\b(?:of|from|at|for|with|to|in|on)\s+(?:the\s+|a\s+|an\s+)?(?:[\w’'-]+-based\s+)?({_ORG})"
)
_POSSESSIVE = re.compile(rf"((?:{_CAP})(?:\s(?:of\s(?:the\s)?)?{_CAP})*?)(?:['’]s|(?<=s)['’])\s")
_LEADING = re.compile(
    rf"^(?:(?:[Tt]he|[Aa]n?|former|acting|then|deputy|one|another|senior|top|chief|veteran)\s+)*({_CAP}(?:\s(?:of\s)?{_CAP})*)"
)
_PREPOSITION = re.compile(r"\s(?:of|for|at|from|in|to|with|on|who|that|which|and|by)\s|,")
_ADDRESS = re.compile(r", (?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dame|Rev)\.? \Z")
_WORK = re.compile(
    r"[’']s? (?:[\w-]+ ){0,3}?(?:play|novel|film|album|book|exhibition|opera|symphony|poem|poems"
    r"|painting|paintings|documentary|sculpture|memoir|biography|musical|screenplay)\b"
)
_AGE = re.compile(r"[,(]?\s\(?\d{1,3}(?:[,)]|(?=\.\s|\.$))")
# Only private persons are introduced by their age, home or kin.
_PRIVATE = re.compile(
    r",?\s(?:who lives?|who lived|whose (?:\w+ ){0,2}(?:sons?|daughters?|child|children|mother"
    r"|father|husband|wife|house|home|flat|garden|street|car|dog))\b"
)
_SIDE = re.compile(rf",\swhose ({_ORG}) (?:side|team|club|company|firm|group)\b")
_OWNER = re.compile(r",\swho (?:now )?(?:runs|ran|owns|owned|founded|manages|set up|started)\s")
_APPOSITION = re.compile(r",\s+((?:\d{1,2}|[^\W\d_])[^,.;:“”\"()]{2,140})")


class Description(NamedTuple):
    """What a stretch of text says about a person: role and affiliation, either may be None."""

    role: str | None
    affiliation: str | None
    how: str  # title, apposition, affiliation
    nouns: tuple[str, ...] = ()


_START = re.compile(r"(?<![\w-])\w+")


class _Finder:
    """Find the nouns of a list in lower-case words, the longest first at every place."""

    def __init__(self, nouns: Iterable[str]):
        self.by_start: dict[str, list[str]] = {}
        for noun in sorted(nouns, key=len, reverse=True):
            first = _START.match(noun)
            if first:
                self.by_start.setdefault(first.group(), []).append(noun)

    def find(self, low: str) -> list[tuple[str, int]]:
        """Return each noun found and where it ends."""
        found, reached = [], 0
        for match in _START.finditer(low):
            start = match.start()
            for noun in self.by_start.get(match.group(), ()) if start >= reached else ():
                end = start + len(noun)
                after = low[end : end + 1]
                if low.startswith(noun, start) and not (after.isalnum() or after in ("_", "-")):
                    found.append((noun, end))
                    reached = end
                    break
        return found


@cache
def _roles() -> _Finder:
    return _Finder(role_nouns())


_STATE_LAWYER = re.compile(
    r"\b(?:u\.?s\.?|state|county|district|city|prosecuting|commonwealth'?s?)(?: district)? "
    r"(?:attorney|counsel)\b|lawyers? for the (?:state|government|crown|prosecution)"
    r"|attorney for the (?:state|government)"
)
_PERSONAL = frozenset(["official", "expert", "business", "advocate", "citizen", "media"])


@lru_cache(maxsize=5_000)
def role_of(words: str) -> tuple[str | None, tuple[str, ...]]:
    """
    Return the role of the head noun of a title or apposition, and its role nouns.

    >>> role_of("an assistant professor and historian of US-Soviet relations")
    ('expert', ('professor', 'historian'))
    """
    low = words.lower().replace("’", "'").replace("european union", "eu")
    if _STATE_LAWYER.search(low):
        return "official", ("attorney", "prosecutor")
    matches = _roles().find(low)
    if not matches:
        return None, ()
    found = [noun for noun, _ in matches]
    cut = _PREPOSITION.search(low)
    head = [noun for noun, end in matches if end <= (cut.start() if cut else len(low))]
    for noun in [*reversed(head), *found]:
        role = role_nouns()[noun]
        if role in _PERSONAL:
            if noun in _BODY_TITLES:
                return _by_institution(low) or role, tuple(found)
            return role, tuple(found)
    return None, tuple(found)


def _by_institution(low: str) -> str | None:
    """Return the role that goes with the institution named, for titles that any body gives."""
    return institution_role(low)


@cache
def _institution_roles() -> dict[str, str]:
    found: dict[str, str] = {}
    for role, nouns in read_lexicon("roles")["institutions"].items():
        for noun in nouns:
            found.setdefault(noun, role)
    return found


@cache
def _institutions() -> _Finder:
    return _Finder(_institution_roles())


@lru_cache(maxsize=20_000)
def institution_role(name: str) -> str | None:
    """
    Return the role of those who speak for an institution, from the words of its name.

    >>> institution_role("Harbour Institute"), institution_role("Dockers' Union")
    ('expert', 'advocate')
    """
    low = name.lower().replace("’", "'")
    if low in outlets():
        return "media"
    if low in places():
        return "official"
    found = [noun for noun, _ in _institutions().find(low)]
    for role in ("expert", "official", "advocate", "media", "business"):
        if any(_institution_roles()[n] == role for n in found):
            return role
    return None


def describe(text: str, mention: Mention, window: tuple[int, int]) -> list[Description]:
    """List what the words round a full name say, surest first; `window` bounds the sentence."""
    left = text[max(window[0], mention.start - 110) : mention.start]
    right = text[mention.end : min(window[1], mention.end + 230)]
    found = []
    if mention.possessive and _WORK.match(text, mention.end):
        found.append(Description("expert", None, "work"))
    title = _title_before(left, mention.titles)
    if title:
        told = _read(title, "title")
        opens = told.affiliation and left.lstrip("“‘\"'").startswith(told.affiliation)
        owned = title.startswith((f"{told.affiliation}'s ", f"{told.affiliation}’s "))
        known = owned or _COURT_OR_PARTY.match(title) or is_named(text, told.affiliation or "")
        if opens and not known:
            told = told._replace(affiliation=None)
        found.append(told)
    if right[:1] in (",", " ", "\u00a0", "("):
        found.extend(_read_after(right))
    told = [d for d in found if d.role or d.affiliation]
    return sorted(told, key=lambda d: d.role == "citizen")  # a trade tells more than kinship


def is_named(text: str, word: str) -> bool:
    """Say whether a word that opens a sentence is a name: a known one, or a capital elsewhere."""
    if " " in word or word.isupper() or word.lower() in places() or word.lower() in outlets():
        return True
    return re.search(rf"[^\W\d_A-Z] {re.escape(word)}\b", text) is not None


def _read(words: str, how: str) -> Description:
    role, nouns = role_of(words)
    affiliation = affiliation_in(words)
    if role is None and affiliation and how != "title":
        role = institution_role(affiliation)
        how = "affiliation" if role else how
    if role == "citizen" and affiliation and any(n.endswith("secretary") for n in nouns):
        role = institution_role(affiliation) or role
    return Description(role, affiliation, how, nouns)


def _title_before(left: str, titles: tuple[str, ...]) -> str | None:
    """Return the title that ends right before a name: "South Korea’s president, "."""
    left = _ADDRESS.sub(", ", left)
    stripped = left.rstrip()
    comma = stripped.endswith(",") or stripped.endswith((",”", ',"', ",’"))
    words = re.findall(r"[\w’'.&-]+|[^\w\s]", stripped.rstrip(',”"’“ '))
    kept: list[str] = []
    nouns = role_nouns()
    for position, word in enumerate(reversed(words)):
        low = word.lower().replace("’", "'")
        usable = (
            low in nouns
            or low in modifiers()
            or word[0].isupper()
            or low.endswith("'s")
            or "-" in low
            or low
            in (
                "of",
                "for",
                "the",
                "his",
                "her",
                "their",
                "its",
                "to",
                "and",
                "elect",
                "now",
                "“",
                "”",
                "adviser",
            )
        )
        if position == 0 and comma and low not in nouns:
            return None
        if not usable or len(kept) > 9:
            break
        kept.append(word)
    while kept and kept[-1].lower() in _TITLE_LINKS:
        kept.pop()
    phrase = " ".join(reversed(kept))
    if not phrase or not (role_of(phrase)[0] or titles):
        return None
    return phrase


def _read_after(right: str) -> list[Description]:
    """Read what follows a name: "of the Harbour Institute", ", a professor of law"."""
    found = []
    reach = 0
    who = _WHO.match(right)
    if who:
        org = _clean(who.group(2)) if who.group(2) else None
        role, nouns = role_of(right[: right.find(",", 3) if right.find(",", 3) > 0 else 120])
        found.append(
            Description(role or (org and institution_role(org)) or None, org, "apposition", nouns)
        )
    after = _AFTER.match(right)
    if after and not right.startswith(","):
        org = _clean(after.group(1))
        # "Ann Lee of the Gazette" is quoted for what she knows; outlets report in their own name.
        role = institution_role(org)
        found.append(Description("expert" if role == "media" else role, org, "affiliation"))
        reach = after.end()
        town = re.match(rf"\s+in\s+{_CAP}(?:\s{_CAP})*", right[reach:])
        reach += town.end() if town else 0
    if right.startswith(" ("):
        reach = right.find(")") + 1
        party = re.match(r"\s\((?:R|D|I|Con|Lab|Lib Dem|SNP|Green)[-–.—,)]", right)
        if party:
            found.append(Description("official", None, "title", ()))
    side = _SIDE.match(right)
    if side:
        found.append(Description(None, side.group(1), "apposition"))
    age = _AGE.match(right, reach)
    reach = age.end() - 1 if age else reach
    for apposition in _APPOSITION.finditer(right, max(0, reach)):
        words = apposition.group(1)
        if apposition.start() > reach + 1 and not found:
            break
        if re.fullmatch(r"\d{1,2}", words.strip()):
            reach = apposition.end() - 1
            continue
        if words.startswith(
            ("who ", "whose ", "which ", "and ", "but ", "said", "says", "he ", "she ", "they ")
        ):
            break
        if re.match(
            r"(?:a|an|the|one|his|her|their|its|our|now|then|former|\d|[^\W\d_]+['’]s|of|from|at|senior|chief|director|president|professor|head|editor|author|founder|chairman)\b|",
            words,
        ):
            found.append(_apposed(words))
        break
    if age or _PRIVATE.match(right):
        found.append(Description("citizen", None, "private"))
    elif _OWNER.match(right):
        found.insert(0, Description("business", None, "apposition"))
    return found


def _apposed(words: str) -> Description:
    described = _read(words, "apposition")
    starts = re.match(
        r"(?:a|an|the|one|his|her|their|its|our|former|who|now|then|\w+['’]s)\s", words
    )
    if described.role is None and not starts:
        return Description(None, None, "apposition")
    if described.role is None and described.affiliation and not described.nouns:
        return Description(None, None, "apposition")
    return described


# The state in these is part of the title.
_COURT_OR_PARTY = re.compile(
    r"\b(U\.?S\.? (?:District|Circuit|Bankruptcy))(?: Court)? (?:Magistrate )?Judge"
    r"|\b(Labour|Conservative|Liberal Democrat|Lib Dem|Green|Republican|Democratic)(?: Party)?"
    r" (?:group leader|group|leader|spokes\w+|chairman|chairwoman|chair|whip)\b"
)
_TITLE_PLACE = re.compile(r"\bU\.?S\.? (?=Attorney)")
_OWNERS = frozenset(["his", "her", "their", "its", "my", "our"])


def affiliation_in(words: str) -> str | None:
    """
    Return the body that a title or apposition names, in its own words.

    >>> affiliation_in("the US secretary of state"), affiliation_in("a dean at Yale University")
    ('US', 'Yale University')
    """
    words = _TITLE_PLACE.sub("", words)
    own = _COURT_OR_PARTY.search(words)
    if own:
        return own.group(1) or own.group(2)
    possessive = _POSSESSIVE.search(words + " ")
    if possessive and possessive.start() < 40 and possessive.group(1).lower() not in _OWNERS:
        rest = _LEADING.match(words[possessive.end() :].lstrip())
        name = possessive.group(1)
        body = re.match(
            r"\s*(?:\w+\s)?(?:association|union|federation|group|council|league|society|party)\b",
            words[possessive.end() - 1 :],
            re.I,
        )
        if body and possessive.group().rstrip().endswith(("’", "'")):
            return words[possessive.start() : possessive.end() - 1 + body.end()].strip()
        if rest and not _is_title(rest.group(1)) and institution_role(rest.group(1)):
            return _clean(words[possessive.start() : possessive.end()] + rest.group(1))
        return _clean(name)
    low_head = re.split(r"\s(?:of|for|at|from|with|to|in|on)\s", words, maxsplit=1)
    leading = _leading_org(words)
    within = [_clean(m.group(1)) for m in _WITHIN.finditer(words)]
    orgs = [o for o in within if o and not _is_title(o)]
    if leading and not institution_role(leading) and any(map(institution_role, orgs)):
        leading = None
    if leading and not (
        len(low_head) > 1
        and orgs
        and institution_role(orgs[0])
        and leading.lower() in places()
        and places()[leading.lower()].how == "adjective"
    ):
        return leading
    named = [o for o in orgs if institution_role(o)] or orgs
    return named[0] if named else None


def _leading_org(words: str) -> str | None:
    """Return the capitalised words before the title: "NATO Secretary-General" gives NATO."""
    match = _LEADING.match(words.strip('“”" '))
    if not match:
        return None
    kept: list[str] = []
    for word in match.group(1).split():
        low = word.lower().strip(".")
        if low in _OWNERS or low in _ARTICLES or low in honorifics() - {"st"}:
            continue
        if role_nouns().get(low) in _PERSONAL or low in modifiers() and kept:
            break
        if low in modifiers() and " ".join([*kept, word]).lower() not in places():
            continue
        kept.append(word)
    name = " ".join(kept).strip()
    for length in range(len(kept), 0, -1):
        if " ".join(kept[:length]).lower() in places():
            return _clean(" ".join(kept[:length]))
    return _clean(name) if name and not _is_title(name) else None


def _is_title(name: str) -> bool:
    return all(
        w.lower().strip(".,") in role_nouns()
        or w.lower() in modifiers()
        or w.lower() in ("of", "the", "state", "for")
        for w in name.split()
    )


def _clean(name: str | None) -> str | None:
    """Return an affiliation without article, possessive and final stop."""
    if not name:
        return None
    name = re.sub(r"^(?:the|The|a|an)\s+", "", name.strip(" ,’'"))
    name = re.sub(r"\s+in\s+[^\W\d_]\w+(?:\s[^\W\d_]\w+)?$", "", name)
    if name.endswith(".") and not re.search(r"(?:\b\w\.)+$", name):
        name = name[:-1]
    return re.sub(r"['’]s$", "", name) or None
