"""Numbers, the same to the bit everywhere: elementary functions, rounding, dates, hashes."""
