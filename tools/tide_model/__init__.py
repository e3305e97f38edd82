"""The tide model behind the packaged atlas: mesh, gauges, linear fit, nonlinear run, writing. Build-only."""
