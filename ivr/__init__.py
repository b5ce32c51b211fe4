"""What is said and asked: call flows, their checker and runner, prompts and speech. Floor 3."""
