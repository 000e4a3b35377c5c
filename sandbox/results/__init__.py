"""Results of a run: data, figures, plots and the manifest that makes them again."""

from sandbox.results.manifest import Manifest, StudyManifest
from sandbox.results.recorded import Recorded, RecordedStudy, read_manifest
from sandbox.results.write import Look, write_results

__all__ = [
    "Look",
    "Manifest",
    "Recorded",
    "RecordedStudy",
    "StudyManifest",
    "read_manifest",
    "write_results",
]
