"""Facts that hold everywhere: units, positions, time, chance and how errors speak."""
