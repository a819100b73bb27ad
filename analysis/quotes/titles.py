"""Words of the lexicons on people: titles, genders, and the role that goes with a noun."""

from functools import cache

from analysis.lexicons import read_lexicon


@cache
def honorifics() -> frozenset[str]:
    """Return the titles that stand before a name."""
    return frozenset(read_lexicon("titles")["honorifics"])


@cache
def modifiers() -> frozenset[str]:
    """Return the words that may stand before a title: former, deputy, foreign."""
    return frozenset(read_lexicon("titles")["modifiers"])


@cache
def role_nouns() -> dict[str, str]:
    """Return the role of each head noun; the first role that lists a noun has it."""
    found: dict[str, str] = {}
    for role, nouns in read_lexicon("roles")["nouns"].items():
        for noun in nouns:
            found.setdefault(noun, role)
    for short, noun in short_titles().items():
        found.setdefault(short, found.get(noun, "official"))
    return found


@cache
def short_titles() -> dict[str, str]:
    """Return the noun that an abbreviated title stands for: "sen." is a senator."""
    return read_lexicon("titles")["short"]


@cache
def title_words() -> frozenset[str]:
    """Return every word that may stand between a determiner and a name."""
    nouns = {word for noun in role_nouns() for word in noun.split()}
    return frozenset(honorifics() | modifiers() | nouns)


@cache
def before_names() -> frozenset[str]:
    """Return the single words after which a name begins: titles and what people are."""
    personal = ("official", "expert", "business", "advocate", "media", "citizen")
    outlets = read_lexicon("grammar")["outlet_nouns"]
    nouns = {n for n, role in role_nouns().items() if role in personal and " " not in n}
    return (honorifics() | nouns | parties()) - frozenset(outlets)


@cache
def parties() -> frozenset[str]:
    """Return the words for members of a party: republican, tory."""
    return frozenset(read_lexicon("titles")["parties"])


@cache
def same_office() -> dict[str, frozenset[str]]:
    """Return for a noun the nouns that may stand for the same office."""
    found: dict[str, frozenset[str]] = {}
    for group in read_lexicon("titles")["same"]:
        for noun in group:
            found[noun] = found.get(noun, frozenset()) | frozenset(group)
    for noun, *narrower in read_lexicon("titles")["broader"]:
        found[noun] = found.get(noun, frozenset()) | frozenset(narrower)
    return found


@cache
def national() -> frozenset[str]:
    """Return the offices of a state."""
    return frozenset(read_lexicon("titles")["national"])


@cache
def local() -> frozenset[str]:
    """Return the offices of a town."""
    return frozenset(read_lexicon("titles")["local"])


@cache
def genders() -> dict[str, str]:
    """Return m or f for titles and nouns that tell."""
    lexicon = read_lexicon("titles")
    return {**{w: "m" for w in lexicon["male"]}, **{w: "f" for w in lexicon["female"]}}
