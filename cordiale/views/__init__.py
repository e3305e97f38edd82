"""Things go out: pictures, GeoJSON, text."""
