"""The manager protocol to Asterisk: one guarded gateway a node, typed events. Floor 1."""
