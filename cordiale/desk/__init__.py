"""Where people sit: command line, HTTP and the console."""
