"""A simulated town of subscribers on a second Asterisk. Floor 7."""
