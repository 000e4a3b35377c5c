"""May it launch: every check, the three laws, the gates, and the pack that shows it."""
