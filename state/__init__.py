"""Where the state is kept: the only room that touches the file."""
