"""What a product may cost, and whether it may launch: futures, measures, scenarios, the gate."""
