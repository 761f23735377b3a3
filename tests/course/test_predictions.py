"""The guess comes first, is kept once measured, and is shown beside the measurement."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from course import CourseError, NoPrediction, answer, compare, predict, predicted, predictions


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    predictions.forget()
    yield
    predictions.forget()


def test_measuring_before_predicting_is_refused_with_a_sentence() -> None:
    """And shown as that sentence, without a traceback."""
    with pytest.raises(NoPrediction, match="First your guess") as caught:
        predicted("layers")
    assert caught.value._render_traceback_() == [str(caught.value)]


@pytest.mark.parametrize("missing", [..., None, [1]])
def test_a_guess_that_is_still_missing_is_asked_for(missing: object) -> None:
    """The three dots of the notebook are no guess."""
    with pytest.raises(CourseError, match="three dots"):
        predict("layers", missing)


def test_a_guess_is_an_answer_that_a_check_can_read() -> None:
    """Under the name ``predictions``."""
    predict("layers", 4)
    assert predicted("layers") == 4
    assert answer("predictions") == {"layers": 4}


def test_a_guess_may_be_changed_until_it_is_measured() -> None:
    """After that it stays."""
    predict("layers", 4)
    predict("layers", 5)
    compare("layers", 3)
    shown = predict("layers", 3)
    assert predicted("layers") == 5
    assert "stays 5" in repr(shown)


def test_guess_and_measurement_are_shown_side_by_side() -> None:
    """Escaped, whatever the guess was."""
    predict("layers", "<b>4</b>")
    shown = compare("layers", 3)
    assert "You expected <b>4</b>; measured: 3." in repr(shown)
    assert "&lt;b&gt;4&lt;/b&gt;" in shown._repr_html_()
    assert "<b>" not in shown._repr_html_()
