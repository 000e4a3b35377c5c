"""A report as one HTML file: headings, paragraphs, tables and pictures, nothing fetched."""

import base64
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape

STYLE = """
body{font:15px/1.5 sans-serif;color:#222;max-width:60em;margin:2em auto;padding:0 1em}
h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #ccc}
h3{font-size:1em;margin-top:1.5em}img{max-width:100%}
table{border-collapse:collapse;margin:.7em 0;font-variant-numeric:tabular-nums}
td,th{padding:.15em .7em;text-align:right;border-bottom:1px solid #e5e5e5}
td:first-child,th:first-child,.w{text-align:left}.m{background:#fdf3e7}
summary{cursor:pointer;margin:.3em 0}details table{font-size:12px}
"""
MARK = ' class="m"'


class Page:
    """A page that is added to from top to bottom; every text is escaped."""

    def __init__(self, title: str, language: str) -> None:
        self._language = language
        self._title = title
        self._parts = [f"<h1>{escape(title)}</h1>"]

    def heading(self, text: str, level: int = 2) -> None:
        """Add a heading."""
        self._parts.append(f"<h{level}>{escape(text)}</h{level}>")

    def text(self, text: str) -> None:
        """Add a paragraph."""
        self._parts.append(f"<p>{escape(text)}</p>")

    def lines(self, lines: Iterable[str]) -> None:
        """Add a paragraph whose lines stand below one another."""
        self._parts.append(f"<p>{'<br>'.join(map(escape, lines))}</p>")

    def table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        words: Collection[int] = (),
        marked: Collection[int] = (),
    ) -> None:
        """Add a table; the first column is of words, the others of figures.

        words  further columns of words;  marked: rows that stand out
        """
        left = dict.fromkeys(words, ' class="w"')

        def cells(tag: str, row: Sequence[str]) -> str:
            return "".join(
                f"<{tag}{left.get(place, '')}>{escape(word)}</{tag}>"
                for place, word in enumerate(row)
            )

        body = "\n".join(
            f"<tr{MARK if place in marked else ''}>{cells('td', row)}</tr>"
            for place, row in enumerate(rows)
        )
        self._parts.append(f"<table><tr>{cells('th', head)}</tr>\n{body}</table>")

    @contextmanager
    def folded(self, summary: str) -> Iterator[None]:
        """Add what stands in the block below a line that opens it."""
        self._parts.append(f"<details><summary>{escape(summary)}</summary>")
        yield
        self._parts.append("</details>")

    def picture(self, png: bytes, says: str) -> None:
        """Add a picture, with what it says for those who do not see it."""
        data = base64.b64encode(png).decode("ascii")
        self._parts.append(f'<img alt="{escape(says)}" src="data:image/png;base64,{data}">')

    def html(self) -> str:
        """Give the whole file."""
        body = "\n".join(self._parts)
        return (
            f'<!DOCTYPE html>\n<html lang="{self._language}"><head><meta charset="utf-8">\n'
            f"<title>{escape(self._title)}</title><style>{STYLE}</style></head>\n"
            f"<body>\n{body}\n</body></html>\n"
        )
