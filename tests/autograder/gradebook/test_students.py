"""Any name is a student's name, in one form; what cannot be one is named with the reason."""

from __future__ import annotations

import os
import unicodedata

import pytest

from autograder.gradebook.students import MAX_BYTES, Folder, by_student, normalized, printable, problem_of

JOSE = "José"
DECOMPOSED = unicodedata.normalize("NFD", JOSE)


@pytest.mark.parametrize(
    "name",
    [
        *("O'Brien", "Smith, John", "Müller (2)", "नेहा शर्मा", "José Núñez", "山田\u3000太郎", "علی\u200cرضا"),
        *("Smith Jr.", "=1+1", "-x", "@SUM(A1)", "a[b]*?", "{x}", '"q" <b>', "100 %", "🦊", "é" * 127),
    ],
)
def test_a_name_in_any_script_is_a_students(name: str) -> None:
    """It stays as it is, in tables too."""
    assert problem_of(name) == ""
    assert by_student([name]) == {name: Folder(name)}
    assert printable(name) == name


def test_a_decomposed_name_and_spaces_around_it_are_normalized() -> None:
    """As macOS writes it into a zip, and as a person types it."""
    assert by_student([f" {DECOMPOSED} "]) == {JOSE: Folder(f" {DECOMPOSED} ")}
    assert normalized(DECOMPOSED) == JOSE


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "is empty"),
        (" ", "is empty"),
        (".hidden", "begins with a dot"),
        ("..", "begins with a dot"),
        ("a/b", "contains a path separator"),
        ("a\\b", "contains a path separator"),
        ("a\nb", "contains a character that cannot be printed"),
        ("a\x1b[31m", "contains a character that cannot be printed"),
        ("a\u202eb", "contains a character that cannot be printed"),
        (os.fsdecode(b"b\xe4d"), "a byte that is not UTF-8"),
        ("é" * 128, f"is longer than {MAX_BYTES} bytes"),
        ("\u0958" * 80, f"is longer than {MAX_BYTES} bytes"),  # this letter is longer in Form C
    ],
)
def test_what_cannot_be_a_name_says_why(name: str, why: str) -> None:
    """The sentence names the folder and what to do, and can be stored anywhere."""
    said = problem_of(name)
    assert why in said
    assert said.endswith("Rename the folder and grade again.")
    said.encode()


def test_two_folders_of_one_name_are_both_named_and_none_is_lost() -> None:
    """Which one counts is for a person to say."""
    found = by_student([JOSE, DECOMPOSED, "Ann ", " Ann", "bob"])
    assert {folder.name for folder in found.values()} == {JOSE, DECOMPOSED, "Ann ", " Ann", "bob"}
    assert found["bob"].problem == ""
    assert r"'Jose\u0301' and 'Jos\xe9'" in found[JOSE].problem
    assert found[r"'Jose\u0301'"].problem == found[JOSE].problem
    assert "' Ann' and 'Ann '" in found["'Ann '"].problem
