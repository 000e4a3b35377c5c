"""The wording tree → documents."""
