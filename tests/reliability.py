"""What the long proofs counted, and the page that says so: `make proof` runs them, then this file as a script."""

import json
import uuid
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
COUNTS = ROOT / ".proof"
PAGE = ROOT / "docs" / "reliability.md"

#: Each proof: what it does, and what it counts, in the order of the page.
PROOFS = {
    "footprints": (
        "Two drawn catalogs, with any quirks, targets, `--prune`, and a line that is lost at some request: the "
        "account is the fold of the calls that were carried out. Where all were, it differs in exactly what the plan "
        "showed."
    ),
    "names": (
        "Drawn accounts and files whose names collide, where every name is unique, also those of deleted objects: "
        "what a plan does not block is carried out."
    ),
    "fault sweep": (
        "Each example, and pairs of catalogs: each kind of fault at each request of the apply. The same command "
        "without faults then ends as an undisturbed run does, and the plan is empty."
    ),
    "kill sweep": (
        "A real `commetctl apply` to a real emulator, killed with SIGKILL at a random instant, and run again: it ends "
        "as an undisturbed run does. Runs that ended first are counted apart."
    ),
    "races": (
        "Two processes apply different files to one account at once: each ends applied, refused or partly applied, "
        "and its report explains the final state."
    ),
    "fuzz catalog": "Mutated and generated text through the catalog loader: a catalog or a list of problems, in time.",
    "fuzz plan": "Mutated and forged plan files through `apply PLAN.json`: a refusal or the very plan, in time.",
}

_HEAD = """\
# Reliability

What the long proofs of commetctl did, and how often. `make proof` writes this page. A number counts cases that held;
one that does not fails the run.

| proof | what is done | counts |
|---|---|---|
"""


def record(proof: str, **counts: int) -> None:
    """Add to the counts of a proof; several processes may do so at once."""
    assert proof in PROOFS
    COUNTS.mkdir(exist_ok=True)
    (COUNTS / f"{uuid.uuid4().hex}.json").write_text(json.dumps({"proof": proof, "counts": counts}), "utf-8")


def page() -> str:
    """The page for what was recorded."""
    found: dict[str, Counter[str]] = {proof: Counter() for proof in PROOFS}
    for file in sorted(COUNTS.glob("*.json")):
        entry = json.loads(file.read_text("utf-8"))
        found[entry["proof"]].update(entry["counts"])
    lines = [f"| {proof} | {PROOFS[proof]} | {_counted(counts)} |" for proof, counts in found.items()]
    return _HEAD + "\n".join(lines) + "\n"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items()) or "not run"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
