"""Past claims against the assumptions: which of them fails, in which direction, how far.

In use:
    from sandbox.backtest.judge import backtest
"""
