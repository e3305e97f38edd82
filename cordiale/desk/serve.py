"""Run the desk: the console of one source on one address, until somebody stops it."""

import socket
import time
from collections.abc import Callable
from typing import Final

import uvicorn

from cordiale.desk.api import make_app
from cordiale.desk.board import Board, Source
from cordiale.earth.units import Instant

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8750


class DeskServer(uvicorn.Server):
    """A server that ends its event streams first, so that it stops at once and not when the last seat leaves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the streams, then stop as usual."""
        self.config.loaded_app.state.live.close()
        await super().shutdown(sockets)


def desk_server(
    source: Source, host: str = LOOPBACK, port: int = PORT, *, clock: Callable[[], Instant] = time.time
) -> DeskServer:
    """A server ready to run; port 0 takes any free one."""
    names = frozenset() if host in {"0.0.0.0", "::"} else frozenset({host.lower()})
    app = make_app(Board(source, clock=clock), names=names)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    config.load()
    config.loaded_app = app
    return DeskServer(config)


def serve(source: Source, host: str = LOOPBACK, port: int = PORT) -> None:
    """Serve the console until interrupted.

    Parameters
    ----------
    source : Source
        A packaged night, a feed or one's own record; see `cordiale.desk.sources`.
    host, port : str, int
        Where to listen. The default can be reached from this machine only.
    """
    desk_server(source, host, port).run()
