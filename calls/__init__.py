"""What happened on the line: call, leg, segment, trace, recording. Floor 2."""
