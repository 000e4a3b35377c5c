"""Is the rate right: is it enough at a confidence, and fair by segment.

In use:
    from sandbox.adequacy.judge import adequacy
"""
