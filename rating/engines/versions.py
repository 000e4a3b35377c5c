"""The version of each engine, raised when the values that it builds move."""

ENGINE_VERSIONS = {"multistate": 1, "collective": 1}


def engine_label(engine: str) -> str:
    """Give an engine with its version as built tables record it: `multistate/1`."""
    return f"{engine}/{ENGINE_VERSIONS[engine]}"
