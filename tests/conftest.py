"""Three toy articles, short enough to count on paper, and where third-party texts may lie."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.corpus import load_articles, load_event
from analysis.tables import table

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

TOYS = {
    "bridge": "The bridge is old.\n\n“We need a new bridge,” said Mayor Ann Lee. She smiled.\n",
    "ferry": "A ferry is cheap. Critics say that the ferry is slow.\n",
    "river": "The river rose. The council denied that the bridge was closed.\n",
}


@pytest.fixture
def articles() -> pd.DataFrame:
    """Return the three toy articles as the table `articles`."""
    return table("articles", pd.DataFrame(
        {"article_id": list(TOYS), "language": "en", "text": list(TOYS.values())}))


@pytest.fixture(scope="session")
def summit() -> pd.DataFrame:
    """Return the five articles of the summit."""
    return load_articles(ROOT / "corpus" / "summit")


@pytest.fixture(scope="session")
def event():
    """Return the summit."""
    return load_event(ROOT / "corpus" / "summit")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of third-party texts, or skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"third-party texts are not here ({SHARED.name}/ beside the project)")
    return SHARED


@pytest.fixture
def make_event(tmp_path):
    """Return a function that makes an event of `name: text` files in an empty folder."""
    def make(**texts: str | bytes) -> Path:
        folder = tmp_path / "event"
        (folder / "articles").mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            raw = text if isinstance(text, bytes) else text.encode("utf-8")
            (folder / "articles" / f"{name}.txt").write_bytes(raw)
        return folder
    return make
