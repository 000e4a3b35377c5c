"""A business: several products with their policies in one run, under one programme.

In use:
    file = read_business(Path("business.yaml"))
    members = bind_members(file, shelf, assemble, "best_estimate")
    run = simulate_business(file, members, years=20_000, seed=1)
    write_business(run, folder)
"""

from sandbox.business.file import Business, BusinessFile, is_business, read_business

__all__ = ["Business", "BusinessFile", "is_business", "read_business"]
