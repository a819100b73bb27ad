"""Agreement against the reference values and the krippendorff package."""

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement import (
    NO_VARIATION,
    ONE_CODER,
    bootstrap_alpha,
    cohen_kappa,
    gwet_ac1,
    has_frame,
    krippendorff_alpha,
    measure_agreement,
    percent_agreement,
)
from analysis.validation import load_codes

TEN = pd.DataFrame({"a": list("DDAAA0000D"), "b": list("DAAA00000D")})
RARE = pd.DataFrame({"a": [1] + [0] * 19, "b": [0, 1] + [0] * 18})
NAN = np.nan
PUBLISHED = pd.DataFrame(
    {  # Krippendorff's example of four coders and twelve units
        "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        "C": [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    }
)


def test_reference_values():
    assert krippendorff_alpha(PUBLISHED) == pytest.approx(0.743421, abs=5e-7)
    assert krippendorff_alpha(TEN) == pytest.approx(0.705426, abs=5e-7)
    assert percent_agreement(TEN) == 0.8
    assert cohen_kappa(TEN) == pytest.approx(0.692308, abs=5e-7)
    assert gwet_ac1(TEN) == pytest.approx(0.704797, abs=5e-7)
    low, high = bootstrap_alpha(TEN)
    assert (low, high) == pytest.approx((0.24, 1.0), abs=0.02)


def test_rare_values():
    assert percent_agreement(RARE) == 0.9
    assert krippendorff_alpha(RARE) == pytest.approx(-0.026316, abs=5e-7)
    assert cohen_kappa(RARE) == pytest.approx(-0.052632, abs=5e-7)
    assert gwet_ac1(RARE) > 0.85


@given(
    st.lists(
        st.lists(st.sampled_from([0, 1, 2, None]), min_size=3, max_size=3), min_size=2, max_size=20
    )
)
def test_alpha_equals_the_krippendorff_package(rows):
    ratings = pd.DataFrame(rows, dtype=float)
    pairable = ratings[ratings.notna().sum(axis=1) > 1]
    if pairable.stack().nunique() < 2:
        assert np.isnan(krippendorff_alpha(ratings))
    else:
        reference = krippendorff.alpha(ratings.to_numpy().T, level_of_measurement="nominal")
        assert krippendorff_alpha(ratings) == pytest.approx(reference, abs=1e-9)


def codes(first, second=None, **columns):
    units = pd.DataFrame(
        {
            "article_id": "a",
            "paragraph": range(len(first)),
            "coder": "one",
            "coder_kind": "human",
            "frame": first,
            "voice": "author",
        }
        | columns
    )
    return units if second is None else pd.concat([units, units.assign(coder="two", frame=second)])


def test_one_value_only_leaves_alpha_undefined_in_words():
    table = measure_agreement(codes(["D"] * 4, ["D"] * 4), frames=["D"])
    assert table["alpha"].isna().all() and (table["note"] == NO_VARIATION).all()
    assert table["agreement"].eq(1).all()


def test_a_coder_of_one_value_against_one_of_two():
    table = measure_agreement(codes(["D"] * 4, ["D", "D", "A", "A"]), frames=["D", "A"])
    assert table.set_index("question").loc["frame", "alpha"] == pytest.approx(-1 / 6)


def test_one_coder_has_nothing_to_agree_with():
    table = measure_agreement(codes(["D", "A"]), frames=["D"])
    assert (table["note"] == ONE_CODER).all() and (table["n_pairable"] == 0).all()
    assert table["alpha"].isna().all()


def test_kappa_is_for_two():
    with pytest.raises(ValueError, match="there are 4; use krippendorff_alpha"):
        cohen_kappa(PUBLISHED)


def test_presence_of_a_frame():
    values = pd.Series(["D", "both", "neither", "A|D", None, "Dull"])
    assert has_frame(values, "D").tolist() == [True, True, False, True, False, False]


def test_the_summit_has_the_agreement_of_its_datasheet(event):
    table = measure_agreement(load_codes(event), frames=event.contrast, replicates=200)
    alpha = table.set_index("question")["alpha"].round(3)
    assert alpha[
        ["frame", "presence of desperation", "presence of alliance", "voice"]
    ].tolist() == [0.854, 0.887, 0.886, 0.928]
    wide = (
        load_codes(event)
        .pivot(index=["article_id", "paragraph"], columns="coder", values="frame")
        .apply(lambda c: pd.factorize(c, sort=True)[0])
    )
    reference = krippendorff.alpha(wide.to_numpy().T, level_of_measurement="nominal")
    assert table["alpha"].iloc[0] == pytest.approx(reference, abs=1e-9)
