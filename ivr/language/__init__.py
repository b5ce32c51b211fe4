"""The call-flow language: its words (`model`), reading it with line numbers, proving it right.

`load_flow` reads a file, `check_flow` proves it, `version_of` names what it says, `edges` is its graph.
"""

from ivr.language.checker import check_flow
from ivr.language.expressions import Expression, ExpressionError, parse_expression
from ivr.language.graph import Edge, EdgeKind, edges
from ivr.language.loader import LoadedFlow, load_flow, version_of
from ivr.language.model import Flow, step_kind
from ivr.language.problems import FlowError, Problem, Severity, is_sound
from ivr.language.texts import Said, prompts_of

__all__ = [
    "Edge",
    "EdgeKind",
    "Expression",
    "ExpressionError",
    "Flow",
    "FlowError",
    "LoadedFlow",
    "Problem",
    "Said",
    "Severity",
    "check_flow",
    "edges",
    "is_sound",
    "load_flow",
    "parse_expression",
    "prompts_of",
    "step_kind",
    "version_of",
]
