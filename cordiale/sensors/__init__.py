"""What can be seen from where: lateral range curves, sweep widths, night, fog, radar and cameras."""
