"""Recipes as build contexts: what decides their hash, and what does not."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from autograder.errors import BadInput
from autograder.images import debian, recipe
from autograder.images.catalogue import FOLDER, load


def a_recipe(folder: Path) -> Path:
    """A recipe of two files, one of them executable."""
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM debian:trixie-slim AS build\nFROM scratch\nCOPY run /\n")
    (folder / "run").write_text("#!/bin/sh\n")
    (folder / "run").chmod(0o755)
    return folder


def test_the_same_files_give_the_same_context_whatever_the_umask_and_time(tmp_path: Path) -> None:
    """A clone under umask 077, made at another time, sends the same bytes, so that it builds the same image."""
    one = a_recipe(tmp_path / "one")
    other = a_recipe(tmp_path / "other")
    (other / "Dockerfile").chmod(0o600)
    (other / "run").chmod(0o700)
    os.utime(other / "run", (1, 1))
    assert recipe.context(one) == recipe.context(other)


def test_content_names_and_executable_bits_change_the_hash(tmp_path: Path) -> None:
    """Each of these makes another image, so each makes another hash; so does another base."""
    folder = a_recipe(tmp_path / "one")
    hashes = [recipe.recipe_hash(folder, []), recipe.recipe_hash(folder, ["base"])]
    (folder / "run").chmod(0o644)
    hashes.append(recipe.recipe_hash(folder, []))
    (folder / "run").write_text("#!/bin/sh\ntrue\n")
    hashes.append(recipe.recipe_hash(folder, []))
    (folder / "run").rename(folder / "ran")
    hashes.append(recipe.recipe_hash(folder, []))
    assert len(set(hashes)) == len(hashes)


def test_scripts_of_the_course_stay_executable_in_the_context() -> None:
    """nginx's entrypoint arrives executable and readable by everybody, owned by root."""
    with tarfile.open(fileobj=io.BytesIO(recipe.context(FOLDER / "nginx"))) as archive:
        modes = {member.name: (member.mode, member.uid) for member in archive}
    assert modes["root/docker-entrypoint.sh"] == (0o755, 0)
    assert modes["root/etc/nginx/nginx.conf"] == (0o644, 0)


def test_bases_are_read_from_the_dockerfile(tmp_path: Path) -> None:
    """Every image that a build stage starts from is found, in order."""
    assert recipe.bases(a_recipe(tmp_path / "one")) == ["debian:trixie-slim", "scratch"]


def test_a_folder_without_dockerfile_is_named(tmp_path: Path) -> None:
    """The error says which file was expected where."""
    with pytest.raises(BadInput, match=r"has no Dockerfile; expected one at .*Dockerfile"):
        recipe.context(tmp_path)


def test_suite_packages_and_mirror_decide_the_base() -> None:
    """Another suite, another package, another mirror: another base. The order of packages does not matter."""
    mirrors = load().debian
    there = debian.recipe_hash("trixie", ["curl", "git"], mirrors)
    assert there == debian.recipe_hash("trixie", ["git", "curl"], mirrors)
    other = mirrors.model_copy(update={"mirror": "http://mirror.example/debian"})
    assert there not in {
        debian.recipe_hash("forky", ["curl", "git"], mirrors),
        debian.recipe_hash("trixie", ["curl"], mirrors),
        debian.recipe_hash("trixie", ["curl", "git"], other),
    }


def test_without_mmdebstrap_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On a machine that can neither run nor install mmdebstrap."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(debian.CannotBootstrap, match=r"mmdebstrap, .* is not installed on this machine"):
        debian._mmdebstrap("trixie", (), load().debian, "amd64", tmp_path / "x", "debian:x", lambda *_: None)


def test_certificate_authorities_reach_the_build_and_no_hash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The bundle that SSL_CERT_FILE names is sent along as ca-bundle.crt; a recipe's hash is the same without it."""
    folder = a_recipe(tmp_path / "one")
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("authority")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    plain, hashed = recipe.context(folder), recipe.recipe_hash(folder, [])
    assert recipe.with_authorities(plain) == plain
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with tarfile.open(fileobj=io.BytesIO(recipe.with_authorities(recipe.context(folder)))) as archive:
        sent = archive.extractfile("ca-bundle.crt")
        assert sent is not None
        assert sent.read() == b"authority"
        assert {"Dockerfile", "run"} < set(archive.getnames())
    assert recipe.recipe_hash(folder, []) == hashed
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone"))
    assert recipe.with_authorities(plain) == plain


def test_what_python_leaves_behind_is_no_part_of_a_recipe(tmp_path: Path) -> None:
    """Compiled files beside a recipe's Python code, which depend on the machine, change nothing."""
    folder = a_recipe(tmp_path / "one")
    before = recipe.context(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "server.cpython-313.pyc").write_bytes(b"x")
    assert recipe.context(folder) == before
