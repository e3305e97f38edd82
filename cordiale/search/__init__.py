"""Where to look, with whom and for how long: effort, patterns, the search plan with its bound, the stop test."""
