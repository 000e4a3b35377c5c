"""One broken file for each message: `bad/` holds the file, and on its first lines what is said.

# in PRODUCT: FILE          the file of the small shelf that this one replaces
# says LINE                 a whole line of the error; one `says` for each
"""

import re
from pathlib import Path

import pytest

from product_factory.errors import BadInput
from tests.product_factory.prepared import prepare
from tests.product_factory.shelves import FILES, write

FOLDER = Path(__file__).parent / "bad"
BROKEN = sorted(FOLDER.iterdir())
IN = re.compile(r"^# in (\w+): (\S+)$", re.MULTILINE)
SAYS = re.compile(r"^# says (.+)$", re.MULTILINE)
LEAST = 40


@pytest.mark.parametrize("product", ["repair", "short_life"])
def test_the_unbroken_shelf_has_nothing_to_complain_of(product, tmp_path):
    prepare(write(tmp_path), product)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_told_by_place_and_in_words(path, tmp_path):
    text = path.read_text(encoding="utf-8")
    product, file = IN.search(text).groups()
    with pytest.raises(BadInput) as raised:
        prepare(write(tmp_path, FILES | {file: text}), product)
    assert str(raised.value).split("\n") == SAYS.findall(text)


def test_no_two_broken_files_say_the_same():
    assert len(BROKEN) >= LEAST
    said = {path.stem: SAYS.findall(path.read_text(encoding="utf-8")) for path in BROKEN}
    assert all(said.values())
    whole = ["\n".join(lines) for lines in said.values()]
    assert len(set(whole)) == len(whole)
