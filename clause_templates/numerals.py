"""Chinese counting numerals, as articles, chapters and list items are numbered."""

_DIGITS = "零一二三四五六七八九"
LARGEST = 999


def chinese(number: int) -> str:
    """The counting numeral of ``number``: 1 is 一, 10 is 十, 101 is 一百零一, 110 is 一百一十.

    number: 0 to 999. Raises ValueError outside of it.
    """
    if not 0 <= number <= LARGEST:
        message = f"expected 0 to {LARGEST}, got {number}"
        raise ValueError(message)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if hundreds == 0 and tens <= 1:
        return _DIGITS[ones] if tens == 0 else "十" + (_DIGITS[ones] if ones else "")
    text = _DIGITS[hundreds] + "百" if hundreds else ""
    if tens:
        text += _DIGITS[tens] + "十"
    elif ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")
