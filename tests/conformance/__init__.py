"""A reader of exports, written from docs/export.md alone: nothing of the project is imported."""
