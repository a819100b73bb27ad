"""What the words round a name say of its bearer: title, apposition, relative clause, party."""

import re

from analysis.quotes.gazetteer import first_names, places_of
from analysis.quotes.names import Mention
from analysis.quotes.nouns import (
    common_bodies,
    common_role,
    find_head,
    institution_role,
    is_party,
    is_place,
    noun_role,
)
from analysis.quotes.roles import CAPITAL, ORG, STREETS, Description, clean, cut_and, read_phrase
from analysis.quotes.titled import RANKED, is_rank, starts_bare, title_before

LEFT, RIGHT = 120, 240  # characters read on either side
_OF = re.compile(
    rf"\s+(of|from|at|for|with)\s+(?:the\s+|a\s+|an\s+)?(?:[\w’'-]+-based\s+)?"
    rf"(?:(?:group|law firm|firm|company|charity|think tank|nonprofit|campaign group"
    rf"|union)\s+)?({ORG})"
)
_TOWN = re.compile(rf"\s+in\s+{CAPITAL}(?:\s{CAPITAL})*")
_WHO = re.compile(
    r",?\s+who\s+(?:is\s+|was\s+|has\s+|had\s+|also\s+|now\s+|currently\s+|previously\s+)*"
    r"(is|was|been|serve[sd]?\s+as|works?\s+as|worked\s+as|took\s+over\s+as|became"
    r"|directs?|directed|heads?|headed|leads?|led"
    r"|runs?|ran|chairs?|chaired|founded|co-founded|manages?|managed|owns?|owned|edits?|edited"
    r"|represents?|represented|governs?|works?\s+(?:for|at|with)|worked\s+(?:for|at|with)"
    r"|teach(?:es)?(?:\s+[\w ]{1,70})?\s+at|studies|serve[sd]?\s+(?:at|on|in)|with|at|from)\s+"
    r"([^,.;:“”\"()]{2,110})"
)
_WORKS = re.compile(rf",?\s+who\s+[a-z]+s\s+(?:[a-z-]+\s){{0,4}}(?:at|for)\s+(?:the\s+)?({ORG})")
_IS = re.compile(r"\s+(?:is|was|serves\s+as|works\s+as)\s+((?:the|an?)\s[^,.;:“”\"()]{2,110})")
_AS = re.compile(r"\s+as\s+((?:(?:the|its|their|an?)\s)?[^,.;:“”\"()]{2,80})")
_APPOINTS = re.compile(
    r"\b(?:[Aa]ppoint|[Nn]am(?:ed|ing)\b|[Hh]ir(?:ed|ing)\b|[Ee]lect(?:ed|ing|ion)\b)"
)
_PARTY = re.compile(
    r",?\s+\(?((?:R|D|I|Con|Lab|Lib Dem|SNP|Green|Ind)"
    r"(?:[-–‑. ,]{1,2}[A-Z][\w.’' ]{0,14}?)?)(?:[),]|\Z)"
)
_NEXT = re.compile(r",?\s+(\w+)")
_STATE_ONLY = re.compile(r"\s+\(([A-Z][A-Za-z. ]{1,12})\)")
_PAREN = re.compile(r"\s+\(([^()]{2,60})\)")
_PAST = re.compile(r"\b(?:former|retired|ex|onetime|one-time|once)\b")
_OWNING = re.compile(rf"(?:^|[\s“\"])(?:[Tt]he )?({CAPITAL}(?:\s{CAPITAL})*)['’]s \Z")
_AGE = re.compile(r",?\s\(?(?:aged\s)?\d{1,3}(?:[,)]|(?=\.\s|\.$))")
_PRIVATE = re.compile(
    r",?\s(?:who (?:lives?|lived|has lived|lost|keeps|kept|farms|grew up|bought|moved|saw|survived"
    r"|fled|attended|suffers|was (?:there|born|hurt|injured)|cannot|could not|voted|plans to vote)"
    r"|whose (?:\w+ ){0,2}(?:sons?|daughters?|child|children|mother|father|husband|wife|house|home"
    r"|flat|garden|street|car|dog))\b"
)
_OWN_ORG = re.compile(
    rf"(?:the\s+|a\s+|an\s+|his\s+|her\s+)?(?:[a-z]\w*\s+|[\w’'-]+-based\s+){{0,2}}({ORG})"
)
_COMMON_NOUN = re.compile(r"\s(?!(?:of|in|at|for|and|on|with|from|as|to|since|by)\b)[a-z]")
_COPULA = re.compile(r"\b(?:[Tt]he|[Ii]ts|[Tt]heir) ([a-z][\w ’'-]{2,40}) (?:is|was) \Z")
_GOVERNS = re.compile(r"govern|represent|serve|rule|is|was|head|led|lead")
_OWNS = re.compile(r"own|found|^run|^ran|manage")
_APPOSITION = re.compile(
    r"(?:,|\s[—–-]{1,2})\s+([^\W\d_][^,;:“”\"()—–]{2,150}|\d[^,.;:“”\"()]{5,90})"
)
_NO_APPOSITION = re.compile(
    r"(?:who|whose|which|where|when|while|and|but|or|said|says|saying|he|she|they|it|as|after"
    r"|before"
    r"|because|if|unlike|in|on|to|by|told|speaking|according|with|including|like|so|though|although"
    r"|wrote|added|adding|also|not|is|was|has|had|will|would|that|there|this|we|i|you)\b",
    re.I,
)
_DETERMINER = re.compile(
    r"(?:(?i:a|an|the|one|his|her|their|its|our|my|another)"
    r"|(?:[A-Z][\w.]*\s){0,3}\w[\w.]*['’]s)\s"
)
_WORK = re.compile(
    r"[’']s? (?:[\w-]+ ){0,3}?(?:play|novel|film|album|book|exhibition|opera|symphony|poem|poems"
    r"|painting|paintings|documentary|sculpture|memoir|biography|musical|screenplay)\b"
)


def describe(text: str, mention: Mention, window: tuple[int, int]) -> list[Description]:
    """List what the words round a full name say, surest first; `window` bounds the sentence."""
    found = []
    if mention.possessive and _WORK.match(text, mention.end):
        found.append(Description("expert", None, "work"))
    left = text[max(window[0], mention.start - LEFT) : mention.start]
    title = title_before(left, mention.titles)
    if title:
        told = read_phrase(title)
        opens = told.affiliation and left.lstrip("“‘\"'").startswith(told.affiliation)
        if opens and not _is_named(text, told.affiliation or "", title):
            told = told._replace(affiliation=None)
        found.append(told)
    found += _read_before(left, mention)
    if text[mention.end : mention.end + 1] in (",", " ", "\u00a0", "("):
        found += read_after(text[mention.end : min(window[1], mention.end + RIGHT)])
        made = _AS.match(text, mention.end, window[1]) if _APPOINTS.search(left) else None
        if made and find_head(made.group(1)).noun:
            found.append(read_phrase(made.group(1), "apposition"))
    told = [d for d in found if d.role or d.affiliation or d.owner or d.nouns]
    return sorted(told, key=lambda d: d.role == "citizen")  # a trade tells more than kinship


def _read_before(left: str, mention: Mention) -> list[Description]:
    """Read what stands before a name and is no title: "The Post’s", "The host was"."""
    found = []
    ranked = RANKED.search(left) if mention.titles else None
    if ranked and all(is_rank(w) for w in ranked.group(1).split()):
        first = title_before(left[: ranked.start() + 1], ())
        found += [read_phrase(first)] if first else []
    owner = _OWNING.search(left) if left.endswith("s ") else None
    if owner and not (is_place(owner.group(1)) and mention.name[0].lower() not in first_names()):
        name = clean(owner.group(1))
        role = None if is_place(owner.group(1)) else institution_role(name or "")
        found.append(Description(role, name, "owner"))
    copula = _COPULA.search(left) if left.endswith((" is ", " was ")) else None
    if copula and find_head(copula.group(1)).end == len(copula.group(1)):
        found.append(read_phrase(copula.group(1), "apposition"))  # "The host was Ann Lee"
    if left.endswith("-year-old "):
        found.append(Description("citizen", None, "private"))
    return found


def _is_named(text: str, word: str, title: str) -> bool:
    """Say whether a word that opens a sentence is a name: known, owner, or a capital elsewhere."""
    if " " in word or word.isupper() or is_place(word) or is_party(word):
        return True
    if title.startswith((f"{word}'s ", f"{word}’s ")) or institution_role(word) == "media":
        return True
    before = (text[at - 1] for at in places_of(f" {word}", text))
    return any(letter.isalpha() and not letter.isupper() for letter in before)


def read_after(right: str) -> list[Description]:
    """Read what follows a name: "of the Harbour Institute", ", a professor of law", "(R-Ky.)"."""
    right = right.partition("\n")[0]
    found: list[Description] = []
    reach = 0
    comma = right[:1] == ","
    after = _OF.match(right, 1 if comma else 0)
    if comma and after and institution_role(after.group(2)) is None:
        after = None
    if after:
        found.append(_of_body(clean(cut_and(after.group(2)))))
        reach = after.end()
        town = _TOWN.match(right, reach)
        reach = town.end() if town else reach
    party = _PARTY.match(right, reach)
    if party:
        reach = party.end() - (right[party.end() - 1 : party.end()] == ",")
        told = party.group(1).strip(" ,")
        found.append(
            Description("official", told if len(told) > 1 else None, "party", ("politician",))
        )
    elif right[reach : reach + 2] == " (":
        state = _STATE_ONLY.match(right, reach)
        paren = _PAREN.match(right, reach)
        if state and is_place(state.group(1)):
            found.append(Description("official", state.group(1), "party"))
        elif paren and (paren.group(1)[0].islower() or find_head(paren.group(1)).noun):
            found.append(read_phrase(paren.group(1), "apposition"))
        reach = paren.end() if paren else reach
    age = _AGE.match(right, reach)
    reach = age.end() - 1 if age else reach
    found += _clauses(right, reach)
    if age or " who" in right[:5] and _PRIVATE.match(right):
        found.append(Description("citizen", None, "private"))
    return found


def _of_body(name: str | None) -> Description:
    """Read "Ann Lee of the Gazette": she is quoted for what she knows."""
    role = institution_role(name or "")
    if role == "official" and is_place(name or ""):
        return Description(None, name, "place")
    return Description("expert" if role == "media" else role, name, "affiliation")


def _clauses(right: str, reach: int) -> list[Description]:
    """Read the clauses and appositions that follow a name."""
    opens = _NEXT.match(right, reach)
    opener = opens.group(1) if opens else ""
    who = _WHO.match(right, reach) if opener == "who" else None
    if who:
        return [_who(who.group(1), who.group(2))]
    works = _WORKS.match(right, reach) if opener == "who" else None
    if works:
        name = clean(works.group(1))
        return [Description(institution_role(name or ""), name, "apposition")]
    told = _IS.match(right, reach) if opener in ("is", "was", "serves", "works") else None
    if told and find_head(told.group(1)).noun:
        return [read_phrase(told.group(1), "apposition")]
    while match := _APPOSITION.match(right, reach) or _APPOSITION.match(right, reach + 1):
        phrase = match.group(1)
        if not phrase.strip().isdigit():
            apposed = not _NO_APPOSITION.match(phrase)
            return _apposed_all(phrase, right, match.end()) if apposed else []
        reach = match.end()
    return []


def _apposed_all(phrase: str, right: str, end: int) -> list[Description]:
    """Read an apposition and the relative clause in or after it."""
    phrase, who, inner = phrase.partition(" who ")
    described = _apposed(phrase)
    if described is None:
        return []
    later = _WHO.match(f" who {inner}") if who else _WHO.match(right, end)
    if not later:
        return [described]
    told = _who(later.group(1), later.group(2))
    past = _PAST.search(phrase) is not None
    if past and told.role and told.affiliation or described.role == "citizen":
        return [told, described]
    return [described, told]


def _who(verb: str, rest: str) -> Description:
    """Read "who runs the Harbour Institute", "who is a lawyer"."""
    told = read_phrase(rest, "apposition")
    if verb.split()[-1] in ("is", "was", "been", "as", "became"):
        return told if told.role else Description(None, None, "apposition")
    org = _OWN_ORG.match(rest)
    if org and _COMMON_NOUN.match(rest, org.end()):
        org = None  # "who studies Eurasian security at the Holt Institute"
    name = clean(org.group(1)) if org else told.affiliation
    role = institution_role(name or "") or told.role
    if name and name.rpartition(" ")[2].lower() in STREETS:
        name = None
    if name and is_place(name) and not _GOVERNS.match(verb):
        name = role = None
    last = rest.split()[-1].lower()
    owner = told.owner or (last if not name and last in common_bodies() else None)
    if _OWNS.search(verb) and not role:
        role = "business"
    elif owner and not role:
        role = common_role(owner)
    return Description(role, name, "apposition", told.nouns, owner)


def _apposed(words: str) -> Description | None:
    """Read an apposition; None where the words after the comma are none."""
    noun, start, _, _ = find_head(words)
    starts = _DETERMINER.match(words)
    early = noun and start < 60
    if not starts and not (early and starts_bare(words, start)):
        return None
    if noun and (noun_role(noun) == "collective" or noun.endswith("s") and noun_role(noun[:-1])):
        return None
    if noun and noun_role(noun) in ("institution", "document"):
        return None
    described = read_phrase(words, "apposition")
    if described.role is None and not described.nouns and not described.owner:
        return None
    return described
