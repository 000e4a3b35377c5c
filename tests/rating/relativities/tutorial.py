"""The specification of docs/fit_motor.md."""

from tests.the_command import ROOT

PAGE = ROOT / "docs" / "fit_motor.md"


def specification():
    """The text of the fenced block named motor.glm.yaml."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition("```yaml motor.glm.yaml\n")
    text, fence, _ = rest.partition("```\n")
    assert fence
    return text
