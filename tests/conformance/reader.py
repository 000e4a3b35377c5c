"""A reader of exports, written from docs/export.md alone: nothing of the project is imported.

    python -m tests.conformance.reader FOLDER

tells which conformance cases of an export it does not reproduce.
"""

import hashlib
import json
import sys
from pathlib import Path

from tests.conformance.claims import Claims
from tests.conformance.expressions import load
from tests.conformance.prices import Prices

ASKED = ("id", "why", "given", "policy", "events")


def disagreements(folder):
    """Tell of each price and claim that comes out otherwise, and each file that is not the one."""
    return [*_files(folder), *_prices(folder), *_claims(folder)]


def _files(folder):
    for line in (folder / "checksums.txt").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            yield f"{name}: other bytes than checksums.txt says"
    for told in load(folder, "manifest")["files"]:
        content = (folder / told["file"]).read_bytes()
        found = (len(content), hashlib.sha256(content).hexdigest())
        if found != (told["bytes"], told["sha256"]):
            yield f"{told['file']}: other bytes than manifest.json says"


def _prices(folder):
    prices = Prices(folder)
    for case in load(folder, "price_cases")["cases"]:
        yield from _compared("price", case, prices.price(case["given"]))


def _claims(folder):
    claims = Claims(folder)
    for case in load(folder, "claim_cases")["cases"]:
        yield from _compared("claim", case, claims.settle(case["policy"], case["events"]))


def _compared(what, case, found):
    expected = {key: value for key, value in case.items() if key not in ASKED}
    for key in sorted({*expected, *found}):
        if expected.get(key) != found.get(key):
            want, got = (json.dumps(one.get(key), ensure_ascii=False) for one in (expected, found))
            yield f"{what} {case['id']}, {key}: expected {want}, got {got}"


if __name__ == "__main__":
    wrong = disagreements(Path(sys.argv[1]))
    print("\n".join(wrong) or "every case is reproduced")
    sys.exit(bool(wrong))
