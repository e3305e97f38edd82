"""Subsets of Copernicus Marine through its own toolbox, the package copernicusmarine (extra `services`).

The one place that loads the toolbox, and only when it is asked for: it brings xarray and dask along. Written after its
documentation and the signature of version 2.5.0; not tried against the service.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

from cordiale.earth.errors import CordialeError
from cordiale.feeds.order import Order
from cordiale.feeds.service_keys import Secret, without_secrets


def fetch_with_toolbox(order: Order, path: Path, account: tuple[Secret, Secret], toolbox: Any = None) -> None:
    """Write the subset of an order to a path, with the user name and the password of an account.

    `toolbox` stands in for the package in tests. Whatever the toolbox raises is said in its own words, without secrets.
    """
    package = _loaded(order) if toolbox is None else toolbox
    name, password = account
    part = path.with_name(f"part-{path.name}")
    try:
        package.subset(
            **order.arguments,
            output_directory=str(part.parent),
            output_filename=part.name,
            overwrite=True,
            disable_progress_bar=True,
            username=name.reveal(),
            password=password.reveal(),
        )
        if part.is_file():
            os.replace(part, path)
    except Exception as error:  # noqa: BLE001  the toolbox has some thirty kinds, all of them said below
        reason = without_secrets(f"{type(error).__name__}: {error}", account)[:600]
        raise CordialeError("feeds.service_toolbox", service=order.service, reason=reason, order=order) from None
    finally:
        part.unlink(missing_ok=True)


def _loaded(order: Order) -> Any:
    try:
        return import_module("copernicusmarine")
    except ImportError as error:
        raise CordialeError("feeds.service_package", service=order.service, reason=str(error)) from error
