"""`centralino run`: starts the parts of a small telco, shows them, restarts what falls, stops all of it."""

from centralino.supervisor.running import run_telco

__all__ = ["run_telco"]
