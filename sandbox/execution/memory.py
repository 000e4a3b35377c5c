"""How many bytes a run may take: what is available here and now, or what the caller allows."""

import re
from pathlib import Path

from product_factory.errors import BadValue

SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
POWER = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}
KIBI = 1024
UNLIMITED = 1 << 60
"""A limit above this many bytes is how a control group says that it has none."""


def bytes_of(text: str) -> int:
    """Read a size such as 2G, 1.5 GiB or 800M; units are powers of 1,024. BadValue for others."""
    found = SIZE.fullmatch(text.strip())
    size = 0 if found is None else int(float(found[1]) * KIBI ** POWER[found[2].upper()])
    if size < 1:
        raise BadValue(f"memory: expected a size such as 2G or 800M, got {text}")
    return size


def said(size: float) -> str:
    """Say a number of bytes to a person."""
    for unit in ("GiB", "MiB"):
        scale = float(KIBI ** POWER[unit[0]])
        if size >= scale:
            return f"{size / scale:,.2f} {unit}"
    return f"{size / KIBI:,.0f} KiB"


def available(root: Path = Path("/")) -> float:
    """Give the bytes that may be taken without swapping; infinite where nothing tells.

    The least of what the system says is available and of what is left to every control group that
    this process is in: a container sees the machine's memory, and may not take it.
    """
    found = [_of_system(root / "proc/meminfo")]
    found += [_left(*files) for files in _groups(root)]
    return min(found)


def resident(root: Path = Path("/")) -> float:
    """Give the bytes that this process holds now, 0 where nothing tells."""
    return _of_process(root, "VmRSS:")


def peak(root: Path = Path("/")) -> float:
    """Give the most bytes that this process has held, 0 where nothing tells."""
    return _of_process(root, "VmHWM:")


def _of_process(root: Path, name: str) -> float:
    for line in _lines(root / "proc/self/status"):
        if line.startswith(name):
            return float(line.split()[1]) * KIBI
    return 0.0


def _of_system(path: Path) -> float:
    for line in _lines(path):
        if line.startswith("MemAvailable:"):
            return float(line.split()[1]) * KIBI
    return float("inf")


def _groups(root: Path) -> list[tuple[Path, Path, Path]]:
    """Give limit, use and statistics of each control group, from this process's own upwards."""
    found = []
    for line in _lines(root / "proc/self/cgroup"):
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers == "":
            base, names = root / "sys/fs/cgroup", ("memory.max", "memory.current")
        elif "memory" in controllers.split(","):
            base = root / "sys/fs/cgroup/memory"
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
        else:
            continue
        place = base / path.lstrip("/")
        # in a container the path may be the host's: its own group is then the root that it sees
        seen = (folder for folder in (place, *place.parents) if folder.is_relative_to(base))
        found += [(at / names[0], at / names[1], at / "memory.stat") for at in seen]
    return found


def _left(limit: Path, use: Path, statistics: Path) -> float:
    """Give what a group may still take: files that are only cached can be dropped."""
    most = _number(limit)
    if most is None or most >= UNLIMITED:
        return float("inf")
    cached = 0.0
    for line in _lines(statistics):
        if line.startswith(("inactive_file ", "total_inactive_file ")):
            cached = float(line.split()[1])
    return max(0.0, most - max(0.0, (_number(use) or 0.0) - cached))


def _number(path: Path) -> float | None:
    text = "".join(_lines(path)).strip()
    return float(text) if text.isdecimal() else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
