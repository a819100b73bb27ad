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
    return found


@cache
def title_words() -> frozenset[str]:
    """Return every word that may stand between a determiner and a name."""
    nouns = {word for noun in role_nouns() for word in noun.split()}
    return frozenset(honorifics() | modifiers() | nouns)


@cache
def genders() -> dict[str, str]:
    """Return m or f for titles and nouns that tell."""
    lexicon = read_lexicon("titles")
    return {**{w: "m" for w in lexicon["male"]}, **{w: "f" for w in lexicon["female"]}}
