"""What the sea and the air do at (time, latitude, longitude): tide, wind, light, coast, lines and places."""
