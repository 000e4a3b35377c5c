"""A study as a folder: its data, its pictures, and the manifest that makes the data again."""

from pathlib import Path

from sandbox.files import ready, sha256, write_whole
from sandbox.results.figures import manifest_json
from sandbox.studies.asked import Outcome


def write_study(done: Outcome, folder: Path) -> tuple[Path, ...]:
    """Write every file whole, the manifest last; give the paths."""
    hashes = {name: sha256(content) for name, content in done.data.items()}
    manifest = manifest_json(done.manifest, hashes)
    files = {**done.data, **done.plots(), "manifest.json": manifest}
    place = ready(folder)
    for name, content in files.items():
        write_whole(place / name, content)
    return tuple(place / name for name in files)
