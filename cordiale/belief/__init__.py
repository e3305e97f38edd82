"""Where a boat may be: reports as evidence, particle clouds, drift, update, probability map."""
