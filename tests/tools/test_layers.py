"""The layers of the packages hold, and a package that breaks them is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import layers


@pytest.mark.parametrize("top", layers.LAYERS)
def test_a_package_imports_only_what_stands_below_it(top: str) -> None:
    """Every package is in a layer; ``make graph`` shows which."""
    assert layers.faults(top) == []


def test_what_breaks_the_layers_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that goes up or sideways, also inside a function; a package that no layer has; one that is gone."""
    monkeypatch.setitem(layers.LAYERS, "house", (("cellar", "shed"), ("hall",), ("roof",)))
    house = tmp_path / "house"
    (house / "hall").mkdir(parents=True)
    (house / "hall" / "door.py").write_text("def open():\n    from house import cellar, roof\n")
    (house / "cellar.py").write_text("import house.shed\n")
    (house / "shed.py").write_text("import os\n")
    (house / "garden.py").write_text("import house.roof\n")
    assert layers.faults("house", tmp_path) == [
        "garden is in no layer.",
        "There is no roof.",
        "cellar imports shed, which does not stand below it.",
    ]
    (house / "roof.py").touch()
    assert "hall imports roof, which does not stand below it." in layers.faults("house", tmp_path)


def test_the_graph_is_printed_from_the_top(capsys: pytest.CaptureFixture[str]) -> None:
    """With what each package imports."""
    layers.main()
    printed = capsys.readouterr().out
    assert printed.index("  cli ") < printed.index("  gradebook ") < printed.index("  errors ", printed.index("  cli "))
    assert "images       → errors, host" in printed
