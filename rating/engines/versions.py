"""The version of each engine, raised when the values that it builds move."""

ENGINE_VERSIONS = {"multistate": 1, "collective": 1}
