"""A Linux system-call filter: from then on the calling thread opens no socket and starts no program.

A store on disk opens its files as queries need them, so there the file descriptors cannot
simply be used up.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_FILTER_MODE = 2

# Classic BPF: code, jump if true, jump if false, operand.
_INSTRUCTION = struct.Struct("HBBI")
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4  # offsets in what the kernel shows the filter
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EACCES


@dataclass(frozen=True)
class _Machine:
    """The kernel's number of an architecture and of the refused calls.

    These are socket, socketpair, connect, bind, listen, sendto, sendmsg, execve, execveat and
    io_uring_setup. Call numbers from ``foreign`` on belong to another ABI and are refused too.
    """

    audit: int
    calls: tuple[int, ...]
    foreign: int = 0x40000000


_MACHINES = {
    "x86_64": _Machine(0xC000003E, (41, 53, 42, 49, 50, 44, 46, 59, 322, 425)),
    "aarch64": _Machine(0xC00000B7, (198, 199, 203, 200, 201, 206, 211, 221, 281, 425)),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def refuse_network() -> bool:
    """Install the filter for this thread and those it starts; False where the system has none."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    code = _code(machine)
    program = _Program(len(code) // _INSTRUCTION.size, code)
    prctl = ctypes.CDLL(None).prctl
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0) == 0)


def _code(machine: _Machine) -> bytes:
    """Each test jumps over the rest to the last instruction, which refuses."""
    tests = [(_AT_LEAST, machine.foreign), *((_EQUAL, call) for call in machine.calls)]
    steps = [(_LOAD, 0, 0, _MACHINE_AT), (_EQUAL, 0, len(tests) + 2, machine.audit), (_LOAD, 0, 0, _NUMBER_AT)]
    steps += [(kind, len(tests) - number, 0, operand) for number, (kind, operand) in enumerate(tests)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(_INSTRUCTION.pack(*step) for step in steps)
