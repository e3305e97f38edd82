"""Search objects and how the wind moves them."""
