"""The family of studies: what is asked of a product by many runs; one file each.

Each kind has `study(asked) -> Outcome`. Its data files depend on what is asked alone, to the byte,
and its manifest makes them again.

In use:
    done = study(asked)
    paths = write_study(done, folder)
"""

from sandbox.studies.asked import STUDY_YEARS, Asked, Outcome
from sandbox.studies.kinds import KINDS, study
from sandbox.studies.write import write_study

__all__ = ["KINDS", "STUDY_YEARS", "Asked", "Outcome", "study", "write_study"]
