"""One event, several articles: who says what, and how is it framed?"""

__version__ = "0.1.0"
