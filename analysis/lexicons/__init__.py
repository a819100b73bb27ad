"""Lists and patterns of the language, each a TOML file that names its source."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def read_lexicon(name: str) -> dict:
    """Return the lexicon `name` (a file `name`.toml in this folder) as a dictionary."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))
