"""The web page: what it shows (pure), and how that looks."""
