"""Development of claims: triangles, chain ladder with Mack's errors, what years come to."""

from rating.development.project import Development, develop
from rating.development.specification import DevelopmentSpec
from rating.development.triangle import Triangle, read_triangle

__all__ = ["Development", "DevelopmentSpec", "Triangle", "develop", "read_triangle"]
