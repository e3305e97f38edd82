"""Assets: what can be sent, as data with a source a row; craft, stations, readiness, endurance, capacity."""
