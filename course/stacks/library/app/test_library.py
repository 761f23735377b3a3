"""Tests of the library; none needs a database."""

from library import app, late_fee


def test_a_book_in_time_costs_nothing() -> None:
    """Early is in time, too."""
    assert late_fee(0) == late_fee(-3) == 0


def test_each_day_costs_the_same() -> None:
    """Twenty cents a day."""
    assert late_fee(3) == 60


def test_it_says_what_it_is_called() -> None:
    """Without a variable it has a name as well."""
    assert app.test_client().get("/").json["title"]
