"""Articles, names and notebooks that attack the page they are shown on, all made here."""

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.corpus import Event
from analysis.figures import show_figure, show_ledger, show_table, show_text
from analysis.figures.quotes import plot_speakers
from analysis.frames import Frame
from analysis.report.run import Ran
from analysis.study import Study
from analysis.tables import table
from analysis.tokens import find_paragraphs, find_sentences, tokenize

HIT = "window.__hit=1"
AWAY = "http://attacker.invalid/x"
VECTORS = [
    f"<script>{HIT}</script>",
    f"</title><script>{HIT}</script>",
    f"</style><script>{HIT}</script>",
    f"--><script>{HIT}</script><!--",
    f"]]><script>{HIT}</script>",
    f"</p></main></body></html><script>{HIT}</script>",
    f"<SCRIPT SRC={AWAY}></SCRIPT>",
    f"<scr<script>ipt>{HIT}</scr</script>ipt>",
    f"<img src=x onerror={HIT}>",
    f"<img src='{AWAY}.png'>",
    f"\"><img src=x onerror={HIT}>",
    f"'><img src=x onerror={HIT}>",
    f"\" onmouseover=\"{HIT}\" x=\"",
    f"' autofocus onfocus='{HIT}' x='",
    f"` onload=`{HIT}`",
    f"<body onload={HIT}>",
    f"<svg onload={HIT}>",
    f"<svg><script>{HIT}</script></svg>",
    f"<svg><animate onbegin={HIT} attributeName=x dur=1s>",
    f"<svg><use href='{AWAY}.svg#x'/></svg>",
    f"<svg><foreignObject><iframe onload={HIT}></iframe></foreignObject></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={HIT}>",
    f"<math href='javascript:{HIT}'>x</math>",
    f"<iframe srcdoc='<script>parent.{HIT}</script>'></iframe>",
    f"<iframe src='{AWAY}'></iframe>",
    f"<object data='{AWAY}'></object>",
    f"<embed src='{AWAY}'>",
    f"<link rel=stylesheet href='{AWAY}.css'>",
    f"<meta http-equiv=refresh content='0;url={AWAY}'>",
    f"<base href='{AWAY}/'>",
    f"<form action='{AWAY}'><input name=q><button>go</button></form>",
    f"<input onfocus={HIT} autofocus>",
    f"<details open ontoggle={HIT}><summary>x</summary></details>",
    f"<video><source onerror={HIT}></video>",
    f"<video poster='{AWAY}.png'></video>",
    f"<audio src='{AWAY}.mp3' autoplay></audio>",
    f"<marquee onstart={HIT}>x</marquee>",
    f"<style>*{{background:url({AWAY})}}</style>",
    f"<style>@import '{AWAY}.css';</style>",
    f"<p style=\"background:url('{AWAY}')\">x</p>",
    "<style>main{display:none}</style>",
    "<div style='position:fixed;inset:0;background:red'>x</div>",
    f"<a href='javascript:{HIT}'>click</a>",
    f"[click](javascript:{HIT})",
    f"![x]({AWAY}.png)",
    f"<template><img src=x onerror={HIT}></template>",
    f"<noscript><p title='</noscript><img src=x onerror={HIT}>'>",
    f"<textarea></textarea><img src=x onerror={HIT}>",
    f"<table background='{AWAY}.png'><tr><td>x",
    f"```mermaid\ngraph TD; A[<img src=x onerror={HIT}>]\n```",
    f"$\\unicode{{<img src=x onerror={HIT}>}}$ \\href{{javascript:{HIT}}}{{x}}",
    "{{ 7 * 7 }} {% include '/etc/passwd' %} {{ config }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "=HYPERLINK(\"http://attacker.invalid\",\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u202egpj.exe\u202c and \u2066isolated\u2069 text",
    "https://аpple.com/ (the first letter is Cyrillic) and http://xn--pple-43d.com/",
    "zalgo Z\u0351\u036b\u0343\u036a\u0302 and joiners a\u200d\u200b\u2060b",
    "control \x01\x08\x1b[31m characters \x7f\x9b",
    "../../../../etc/passwd",
    "C:\\Windows\\..\\..\\x.html#y?z",
    "con.aux|nul<>:\"/\\?*",
    "write to reporter.name@paper-of-note.example, or “reporter@paper.example”",
    "&lt;script&gt;already escaped&lt;/script&gt; &amp; &#60;b&#62;",
    "A" * 600,
    "*" * 50 + "`" * 50 + "_" * 50 + "[" * 50,
]


def make_hostile_study() -> Study:
    """Return a study in which every name, title, frame and text is a vector."""
    ids = [f"{i:02}-{vector}" for i, vector in enumerate(VECTORS)]
    articles = table("articles", pd.DataFrame({
        "article_id": ids, "title": VECTORS, "outlet": VECTORS, "author": VECTORS,
        "date": VECTORS, "genre": VECTORS, "url": VECTORS, "licence": VECTORS,
        "retells": VECTORS, "language": "en",
        "text": [f"It began. “{v}” said {v}. It ended.\n\n{v}\n" for v in VECTORS]}))
    paragraphs = find_paragraphs(articles)
    sentences = find_sentences(articles, paragraphs)
    tokens = tokenize(articles, sentences)
    frames = [Frame(name=v, label=v, question=v, definition=v, source=v, terms=())
              for v in VECTORS[:8]]
    quotes, voices, mentions = [], [], []
    for i, (name, vector) in enumerate(zip(ids, VECTORS, strict=True)):
        start, length = len("It began. "), len(articles["text"].iloc[i])
        end, quote = start + len(vector) + 2, f"{name}-q{vector}"
        quotes.append((name, quote, "direct", f"{start}-{end}", f"{end + 6}-{end + 9}", vector,
                       f"{end + 1}-{end + 5}", "said", vector, vector, vector, 0.9, "made",
                       vector, "speech", None, None))
        voice = ("expert", "party", "official", "other")[i % 4]
        voices += [(name, 0, start, "author", None, None, False, False, False),
                   (name, start, end, voice, vector, quote, False, False, True),
                   (name, end, length, "author", None, None, False, False, False)]
        # Inside the vector: a mark that cuts through its tags, and one over its edge.
        frame = VECTORS[i % 8]
        mentions += [(name, 0, 0, start + 3, start + 9, frame, vector, "x", False, False, voice,
                      vector, quote, "made"),
                     (name, 0, 0, end - 2, end + 3, frame, vector, "x", True, i % 2 == 0,
                      "author", None, None, "made")]
    mentions = table("mentions", mentions)
    rates = table("rates", [(n, v, "author", 1, 1, 9, 0.5, 0.1, 0.9, "wilson")
                            for n, v in zip(ids, VECTORS, strict=True)])
    event = Event(name="hostile", folder=__import__("pathlib").Path(__file__).parent,
                  title=VECTORS[1], question=VECTORS[8], language="en", licence=VECTORS[0],
                  parties=(), contrast=())
    return Study(event, articles, paragraphs, sentences, tokens, table("quotes", quotes),
                 table("voices", voices), frames, mentions, rates)


def shown(value: object) -> list:
    """Return the outputs of a cell that ends in `value`."""
    return [new_output("execute_result", value._repr_mimebundle_(), execution_count=1)]


def make_hostile_notebook(study: Study) -> Ran:
    """Return a notebook that shows vectors by our own means, and raw ones past them."""
    listing = pd.DataFrame({"article_id": study.articles["article_id"], "speaker": VECTORS,
                            VECTORS[8]: VECTORS, "start": 12})
    figure = plot_speakers(study.quotes, articles=list(study.articles["article_id"])[:10])
    cells = [new_markdown_cell(f"# Hostile {VECTORS[5]}\n\n" + "\n\n".join(VECTORS))]
    for value in (show_table(listing, caption=VECTORS[9], rows=99),
                  show_text("\n\n".join(VECTORS)), show_ledger(dict(zip(VECTORS, VECTORS,
                                                                     strict=True))),
                  show_figure(figure, alt="A picture of " + VECTORS[10], caption=VECTORS[0],
                              data=listing)):
        cells.append(new_code_cell("# " + VECTORS[0] + "\n" + VECTORS[5], outputs=shown(value),
                                   execution_count=1, metadata={"tags": ["finding"]}))
    for vector in VECTORS:
        raw = {"text/html": vector, "text/plain": vector}
        cells.append(new_code_cell("x()", execution_count=1, outputs=[
            new_output("display_data", raw), new_output("stream", name="stdout", text=vector),
            new_output("display_data", {"text/markdown": vector, "text/plain": vector}),
            new_output("display_data", {kind: vector for kind in (
                "application/javascript", "text/vnd.mermaid", "image/svg+xml", "text/latex")}),
            new_output("error", ename=vector, evalue=vector, traceback=[vector])]))
    notebook = new_notebook(cells=[*cells, nbformat.v4.new_raw_cell(
        VECTORS[0], metadata={"raw_mimetype": "text/html"})])
    return Ran("01_hostile", notebook, VECTORS[0])
