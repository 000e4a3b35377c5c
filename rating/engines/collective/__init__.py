"""What lasts a year: numbers of events, their marks, and the terms that claims meet."""
