"""One request to the engine and its reply."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from kg.errors import EngineAway, EngineError, EngineFailed
from kg.formats import Content
from kg.remote import reply, rewriter
from kg.remote.bridge import Bridge
from kg.remote.call import Outlet
from kg.remote.dialect import Fields
from kg.remote.rewriter import Task

_PIECE = 64 * 1024


@dataclass(frozen=True)
class Asked:
    """What is sent: the address, parameters to add to it, the form, and what the answer holds."""

    url: str
    parameters: dict[str, str]
    form: Fields
    content: Content


@asynccontextmanager
async def sent(client: httpx.AsyncClient, asked: Asked) -> AsyncIterator[httpx.Response]:
    """The engine's reply, checked and not yet read. Raises as ``reply.check`` does, and httpx.TransportError."""
    address = httpx.URL(asked.url).copy_merge_params(asked.parameters)
    headers = {"Accept": rewriter.ACCEPTED[asked.content]}
    async with client.stream("POST", address, data=asked.form, headers=headers) as response:
        await reply.check(response, asked.content)
        yield response


async def rewritten(response: httpx.Response, task: Task, outlet: Outlet, threads: ThreadPoolExecutor) -> None:
    """Pass the answer on, rewritten in a thread; returns when it is complete.

    Raises as ``rewriter.rewrite`` does, and httpx.TransportError.
    """
    # Engines send small pieces, and each costs a turn of the loop; nothing goes out before a megabyte anyway.
    bridge = Bridge(response.aiter_bytes(_PIECE), outlet.push, outlet.first)
    media_type = reply.media_type_of(response)
    work = asyncio.get_running_loop().run_in_executor(threads, rewriter.rewrite, media_type, task, bridge, bridge)
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        bridge.close()
        await asyncio.wait([work])  # the reply is closed only when nobody reads it any more
        work.exception()
        raise
    except (EngineError, OSError, httpx.TransportError) as error:
        raise bridge.error or reply.cut_by(bridge.tail) or _known(error) from error
    outlet.finish(bridge.rest())


def broken(error: httpx.TransportError, *, begun: bool) -> EngineError:
    """What a connection that fails says."""
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.DecodingError):
        return EngineFailed("the engine broke its answer off")
    kind = "broke off" if begun else "cannot be reached"
    return EngineAway(f"the engine {kind}; try again in a moment")


def _known(error: Exception) -> EngineError:
    return error if isinstance(error, EngineError) else EngineFailed("the engine's answer cannot be read")
