"""Looking before starting whether every address is free that we are about to use."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from centralino.settings import Address
from values import CentralinoError


class PortTakenError(CentralinoError):
    """An address that a part is to serve at is in use."""

    error_id = "port-taken"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address to serve at, and the setting that names it."""

    address: Address
    setting: str
    datagram: bool = False


def check_free(wanted: Iterable[Wanted]) -> None:
    """Raises `PortTakenError` that names every address in use, with its setting and who holds it."""
    problems = [problem for each in wanted if (problem := _problem(each))]
    if problems:
        raise PortTakenError("\n".join(problems))


def _problem(wanted: Wanted) -> str:
    kind = socket.SOCK_DGRAM if wanted.datagram else socket.SOCK_STREAM
    name = f"{'udp' if wanted.datagram else 'tcp'} {wanted.address}"
    try:
        family = socket.AF_INET6 if ":" in wanted.address.host else socket.AF_INET
        with socket.socket(family, kind) as probe:
            if not wanted.datagram:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((wanted.address.host, wanted.address.port))
    except OSError as problem:
        why = problem.strerror or str(problem)
        return f"{name}: {why}{_holder(wanted)}; choose another with {wanted.setting}"
    return ""


def _holder(wanted: Wanted) -> str:
    """Who holds it, as far as we may know."""
    try:
        connections = psutil.net_connections("udp" if wanted.datagram else "tcp")
    except psutil.Error:
        return ""
    for each in connections:
        if not each.laddr or not each.pid or each.status not in (psutil.CONN_LISTEN, psutil.CONN_NONE):
            continue
        everywhere = each.laddr.ip in ("0.0.0.0", "::")  # noqa: S104  (read, not bound)
        if each.laddr.port == wanted.address.port and (everywhere or each.laddr.ip == wanted.address.host):
            try:
                return f" (by {psutil.Process(each.pid).name()}, process {each.pid})"
            except psutil.Error:
                return f" (by process {each.pid})"
    return ""
