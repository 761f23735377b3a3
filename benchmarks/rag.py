"""How long the question-answering engine of Part 4 takes, and how much memory, in a sandbox of the default size.

The file that is started is made of the model solutions of exercises ``rag-stores``, ``rag-api`` and ``rag-stack``. The
documents are paragraphs of the lessons, as short as notes are. Usage: python -m benchmarks.rag
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from autograder import lessons
from autograder.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = 200
STEPS = ("rag-stores", "rag-api", "rag-stack")
"""The exercises whose answers make the file."""

INSIDE = r"""
import json, os, subprocess, sys, time
from pathlib import Path

import requests

given = json.load(sys.stdin)
os.environ["DOCKER_COURSE_RUN"] = "benchmark"
from course.setups import part4_rag

rag, port = part4_rag.unpack(), part4_rag.web_port()
os.chdir(rag)
Path("compose.yaml").write_text(Path("start.yaml").read_text() + given["services"])
engine = f"http://127.0.0.1:{port}"


def timed(what, function):
    begin = time.monotonic()
    found = function()
    print(f"  {what:46} {time.monotonic() - begin:6.1f} s", flush=True)
    return found


def compose(*words):
    done = subprocess.run(["docker", "compose", *words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)


def ingest():
    for at in range(0, len(given["documents"]), 50):
        answer = requests.post(f"{engine}/documents", json={"documents": given["documents"][at : at + 50]}, timeout=60)
        answer.raise_for_status()


def ask(questions):
    return [requests.get(f"{engine}/answer", {"question": each}, timeout=30).json() for each in questions]


def memory():
    command = ["docker", "stats", "--no-stream", "--format", "json"]
    lines = subprocess.run(command, capture_output=True, text=True).stdout
    used = {each["Name"].split("-")[2]: each["MemUsage"].split(" /")[0] for each in map(json.loads, lines.splitlines())}
    print("  memory:", ", ".join(f"{name} {size}" for name, size in sorted(used.items())))
    disk = os.statvfs("/var/lib/docker")
    print(f"  the sandbox's disk, in memory too: {(disk.f_blocks - disk.f_bfree) * disk.f_frsize >> 20} MiB in use")


timed("build", lambda: compose("build"))
timed("from nothing to five healthy services", lambda: compose("up", "--detach", "--wait"))
timed(f"{len(given['documents'])} documents in, 50 at a time", ingest)
questions = [f"What is {each['text'].split('.')[0]}?"[:300] for each in given["documents"][:50]]
first = timed("50 questions", lambda: ask(questions))
again = timed("the same 50, from the cache", lambda: ask(questions))
right = sum(
    any(source["title"] == each["title"] for source in answer["sources"])
    for answer, each in zip(first, given["documents"], strict=False)
)
print(f"  answered from the document that was asked about: {right} of 50")
print(f"  answered from the cache: {sum(each['cached'] for each in again)} of 50")
memory()
timed("down, and up with the data", lambda: (compose("down"), compose("up", "--detach", "--wait")))
print(f"  still answered from the documents: {sum(bool(each['sources']) for each in ask(questions))} of 50")
timed("scaled to three", lambda: compose("up", "--detach", "--wait", "--scale", "api=3"))
memory()
"""


def main() -> None:
    """Print seconds and memory of each step."""
    given = {"services": services(), "documents": documents()}
    with Sandbox() as box:
        done = box.run(["python", "-c", INSIDE], json.dumps(given).encode())
    print(done.stdout.decode(), done.stderr.decode(), sep="")
    sys.exit(done.returncode)


def services() -> str:
    """Return what the model solutions of the three steps add to the file that is given."""
    notebook = lessons.read((ROOT / "lessons" / "part4.md").read_text(encoding="utf-8"), lessons.find(ROOT))
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in notebook.cells}
    found = [re.search(r"### BEGIN SOLUTION\n(.*)### END SOLUTION", cells[step], re.DOTALL) for step in STEPS]
    if None in found:
        sys.exit("A step of Part 4's engine has no solution.")
    return "".join(each[1] for each in found if each)


def documents() -> list[dict[str, str]]:
    """Return paragraphs of the lessons."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "lessons").glob("part*.md")))
    paragraphs = [" ".join(each.split()) for text in texts for each in text.split("\n\n") if each[:1].isalpha()]
    chosen = [each for each in dict.fromkeys(paragraphs) if 80 < len(each) < 1000][:DOCUMENTS]
    return [{"title": f"Paragraph {number}", "text": text} for number, text in enumerate(chosen, 1)]


if __name__ == "__main__":
    main()
