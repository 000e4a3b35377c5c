"""Currencies of amounts, by their ISO 4217 codes, and the slips of those who write them."""

import difflib
import re
from collections.abc import Iterable

from product_factory.errors import BadValue, both

CODES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
    GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD
    KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN
    NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND
    VUV WST XAF XCD XOF XPF YER ZAR ZMW
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
"""The codes of national currencies, ISO 4217."""
SLIPS = {"RMB": "CNY", "CNH": "CNY", "NTD": "TWD", "STG": "GBP", "EURO": "EUR", "YEN": "JPY"}
SLIPS |= {"元": "CNY", "人民币": "CNY", "美元": "USD", "欧元": "EUR", "港元": "HKD", "日元": "JPY"}
AMOUNT = re.compile(r"(?P<number>[-+]?[\d_.]+(?:[eE][-+]?\d+)?)(?P<gap>\s*)(?P<word>[^\W\d_]+)")
RATE = re.compile(r"([A-Z]{3})/([A-Z]{3})")
CODE = re.compile(r"[A-Z]{3}")


def rate(unit: str) -> tuple[str, str] | None:
    """Give the currencies of a rate of exchange: `CNY/USD` turns USD into CNY. Else None."""
    found = RATE.fullmatch(unit)
    return (found[1], found[2]) if found and {found[1], found[2]} <= CODES else None


def split(text: str) -> tuple[str, str]:
    """Split `10000 USD` into number and code; the code is empty where none is written."""
    found = AMOUNT.fullmatch(text.strip())
    if found is None or not found["gap"] or found["word"] not in CODES:
        return text, ""
    return found["number"], found["word"]


def slip(text: str) -> str:
    """Give what was meant by `10000 RMB`, `10000 usd` or `100元`: `10000 CNY`; else nothing."""
    found = AMOUNT.fullmatch(text.strip())
    if found is None:
        return ""
    code = meant_by(found["word"])
    meant = f"{found['number']} {code}"
    return meant if code and meant != text else ""


def meant_by(word: str) -> str:
    """Give the code that was meant by a word: CNY by RMB, 元 or cny; else nothing."""
    code = word.upper() if word.upper() in CODES else SLIPS.get(word.upper(), "")
    if not code and CODE.fullmatch(word):
        code = next(iter(difflib.get_close_matches(word, sorted(CODES), 1)), "")
    return code


def bare(text: str, stated: str) -> str:
    """Give the number of an amount whose currency is `stated` elsewhere. Raises BadValue."""
    number, code = split(text)
    if code and code != stated:
        where = f"an amount in {stated}" if stated else "an amount of money such as 10000"
        hint = "" if stated else f"; state its currency once, as unit: {code}"
        message = f"expected {where}, got {text}{hint}"
        raise BadValue(message)
    return number


def shared(texts: Iterable[str]) -> str:
    """Give the currency that amounts are written in, if any. Raises BadValue for two."""
    codes = list(dict.fromkeys(split(text)[1] for text in texts))
    if len(codes) > 1:
        told = both([code or "none" for code in codes])
        message = f"expected amounts in one currency, got {told}"
        raise BadValue(message)
    return codes[0] if codes else ""
