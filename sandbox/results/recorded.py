"""A manifest read back from its file."""

import json
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from pydantic.dataclasses import dataclass as checked

from product_factory.errors import At, BadInput
from sandbox.results.manifest import Manifest

MOST_BYTES = 1_000_000


@with_config(ConfigDict(extra="forbid"))
@checked(frozen=True, kw_only=True)
class Recorded(Manifest):
    """A manifest with the hashes of the data files beside it: name → SHA-256.

    command   words that make the files again;  versions: of what computed them, by name
    Both are empty where the manifest is older than they are.
    """

    files: Mapping[str, str]
    versions: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()

    @property
    def simulated(self) -> int:
        """Simulated years or run-offs; of annual contracts a horizon of years is one row."""
        return self.years * (self.horizon or 1) if self.kind == "annual" else self.years


@with_config(ConfigDict(extra="forbid"))
@checked(frozen=True, kw_only=True)
class RecordedStudy(Recorded):
    """The manifest of a study, as in `StudyManifest`."""

    study: str
    asked: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@with_config(ConfigDict(extra="forbid"))
@checked(frozen=True, kw_only=True)
class RecordedBusiness(Recorded):
    """The manifest of several products, as in `sandbox.business.manifest.BusinessManifest`."""

    business: str
    products: tuple[str, ...]


@with_config(ConfigDict(extra="forbid"))
@checked(frozen=True, kw_only=True)
class RecordedBusinessStudy(RecordedBusiness):
    """The manifest of a stress test of several products."""

    study: str
    options: Mapping[str, str] = field(default_factory=dict)


SEEDS, YEARS = 1 << 64, 1 << 32
_READER: TypeAdapter[Recorded] = TypeAdapter(Recorded)
_BUSINESS: TypeAdapter[RecordedBusiness] = TypeAdapter(RecordedBusiness)
_BUSINESS_STUDY: TypeAdapter[RecordedBusinessStudy] = TypeAdapter(RecordedBusinessStudy)
_STUDY: TypeAdapter[RecordedStudy] = TypeAdapter(RecordedStudy)
_READERS: Mapping[tuple[bool, bool], TypeAdapter[Any]] = {
    (False, False): _READER,
    (True, False): _STUDY,
    (False, True): _BUSINESS,
    (True, True): _BUSINESS_STUDY,
}
"""Whether it is of a study, and of a business → what reads it."""


def read_manifest(path: Path) -> Recorded:
    """Read the manifest.json of a run. Raises BadInput for a file that is none."""
    at = At(str(path))
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise BadInput.one(at, "", "there is no such file") from None
    except OSError as error:
        text = f"expected the manifest.json that 'covercast simulate -o' writes: {error.strerror}"
        raise BadInput.one(at, "", text) from None
    if len(content) > MOST_BYTES:
        raise BadInput.one(at, "", f"expected a manifest of at most {MOST_BYTES:,} bytes")
    try:
        found = json.loads(content)  # tells line and column of what is no JSON
        keys = found if isinstance(found, dict) else {}
        reader: TypeAdapter[Any] = _READERS["study" in keys, "business" in keys]
        made: Recorded = reader.validate_json(content)
    except json.JSONDecodeError as error:
        where = At(str(path), error.lineno, error.colno)
        raise BadInput.one(where, "", "this is not JSON") from None
    except (ValidationError, RecursionError, UnicodeDecodeError) as error:
        raise BadInput.one(at, *_told(error)) from None
    for key, least, most in (("seed", 0, SEEDS - 1), ("years", 1, YEARS)):
        if not least <= getattr(made, key) <= most:
            text = f"expected {least} to {most}, got {getattr(made, key)}"
            raise BadInput.one(at, key, text)
    return made


def _told(error: Exception) -> tuple[str, str]:
    """Give the key and the text of the first complaint."""
    said: tuple[Any, str] = ((), "another shape")
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        said = (first["loc"], first["msg"][0].lower() + first["msg"][1:])
    key = ".".join(str(part) for part in said[0])
    return key, f"expected what 'covercast simulate -o' writes; {said[1]}"
