"""An agent asks: the same questionnaire as pages on the desk, its answers in the same tables."""

from surveys.cati.asking import Cati, asked_by_agents, read_cati
from surveys.cati.converting import desk_script, script_name
from surveys.cati.publishing import publish_scripts

__all__ = ["Cati", "asked_by_agents", "desk_script", "publish_scripts", "read_cati", "script_name"]
