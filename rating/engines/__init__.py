"""Engines: each reads the processes, covers and pools of a product and builds rate tables."""
