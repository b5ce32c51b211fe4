"""Whom to call, when and how: campaigns, the gate, attempts, the dial loop. Floor 5."""
