"""The people of an event: those of its articles, joined, with what its parties tell of them."""

from collections.abc import Sequence

from analysis.corpus import Party
from analysis.quotes.article import Article
from analysis.quotes.gazetteer import places
from analysis.quotes.names import is_full_name
from analysis.quotes.people import People, person_key


def join_people(articles: Sequence[Article], parties: Sequence[Party] = ()) -> People:
    """
    Join the people of the articles of one event, and those among the aliases of its parties.

    The commonest printing of a name becomes its form in every article, and what one article
    or a party tells of a person is known in all.
    """
    event = People()
    for party in parties:
        for name in _members(party):
            event.add(name, 0).forms[" ".join(name)] += 1
    if len(articles) == 1 and not event.by_key:
        return articles[0].people
    for article in articles:
        for person in article.people.by_key.values():
            joined = event.add(person.tokens, person.first)
            for form, times in person.forms.items():
                joined.forms[form] += times
            joined.count += person.count
            joined.inherit(person, "other article")
    for article in articles:
        for key, person in article.people.by_key.items():
            person.forms = event.by_key[key].forms
            person.inherit(event.by_key[key], "other article")
    for people in [event, *(article.people for article in articles)]:
        _take_sides(people, parties)
    for article in articles:  # "Morel’s aide" is of Morel's state, which only now may be known
        for person in article.people.by_key.values():
            if person.affiliation:
                article.settle_named(person)
    return event


def _members(party: Party) -> list[tuple[str, ...]]:
    """List the persons among the aliases of a party."""
    return [words for alias in party.aliases if is_full_name(words := tuple(alias.split()))]


def _take_sides(people: People, parties: Sequence[Party]) -> None:
    """Give the persons of a party its name as affiliation, if they have none."""
    for party in parties:
        for name in _members(party):
            person = people.by_key.get(person_key(name))
            if person and not person.affiliation:
                person.affiliation, person.affiliation_from = party.name, "parties"
            if person and not person.role and party.name.lower() in places():
                person.role, person.role_from = "official", "parties"
