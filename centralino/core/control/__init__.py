"""Talks steered while they are on: hold, transfers, conference, flows, pauses of the recording, supervisors.

`shape` says who hears whom, and is pure. Each talk is a `live.LiveTalk`; `through` is its customer's session,
`deeds` what an agent does, `watching` what a supervisor does, `control` the face towards joining. `commands`
lets pages ask for all of it.
"""
