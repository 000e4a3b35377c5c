"""The bytes of a CSV as UTF-8, whatever it was saved in; what is no text stays recognisable."""

import codecs
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from product_factory.errors import At, BadInput, nearest

UTF_8 = "utf-8"
AUTOMATIC = ""
"""UTF-8, unless the file starts with the mark of another encoding."""
# UTF-32 before UTF-16: its mark begins with that of UTF-16
MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ENCODINGS = {
    UTF_8: UTF_8,
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
"""Name → codec of what `--encoding` takes; GB 18030 reads all that GBK and GB 2312 hold."""
NO_TEXT = "covercast.no_text"
STRETCH = 1 << 20


# A byte that UTF-8 never holds stands for what cannot be decoded: its row is found as one of
# UTF-8 that is none, by the same test.
def _marked(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    raise error


codecs.register_error(NO_TEXT, _marked)


def encoding_of(path: Path, asked: str) -> tuple[str, int]:
    """Give the codec of a file, and how many bytes its mark takes.

    Raises BadInput for an encoding that nobody knows, or a mark that says another.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((entry for entry in MARKS if start.startswith(entry[0])), None)
    if asked == AUTOMATIC:
        return (marked[1], len(marked[0])) if marked else (UTF_8, 0)
    codec = ENCODINGS.get(asked.lower())
    if codec is None:
        text = f"unknown encoding '{asked}'{nearest(asked.lower(), ENCODINGS)}"
        raise BadInput.one(At(str(path)), "--encoding", text)
    if marked and marked[1] != codec:
        if asked.lower() != "utf-16":
            text = f"the file says that it is {marked[1]}, and not {asked}"
            raise BadInput.one(At(str(path)), "--encoding", text)
        codec = marked[1]
    return codec, len(marked[0]) if marked else 0


@dataclass
class Utf8:
    """A file of any encoding, read as the bytes of UTF-8."""

    file: BinaryIO
    codec: str
    mark: int
    _decoder: codecs.IncrementalDecoder = field(init=False)
    _left: bytes = b""

    def __post_init__(self) -> None:
        """Stand behind the mark."""
        self._decoder = codecs.getincrementaldecoder(self.codec)(NO_TEXT)
        self.file.seek(self.mark)

    def read(self, size: int) -> bytes:
        """Give the next `size` bytes, fewer only at the end."""
        if self.codec == UTF_8:
            return self.file.read(size)
        while len(self._left) < size:
            block = self.file.read(size)
            text = self._decoder.decode(block, final=not block)
            self._left += text.encode(UTF_8, "surrogateescape")
            if not block:
                break
        found, self._left = self._left[:size], self._left[size:]
        return found

    def skip(self, count: int) -> None:
        """Pass over that many bytes."""
        if self.codec == UTF_8:
            self.file.seek(self.mark + count)
            return
        while count > 0 and (block := self.read(min(count, STRETCH))):
            count -= len(block)
