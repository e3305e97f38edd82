"""Write the record that lies beside every packaged data file: where it came from and what made it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path


def write_provenance(
    path: Path,
    *,
    title: str,
    licence: str,
    attribution: str,
    sources: Sequence[Mapping[str, str]],
    command: str,
    made_by: str,
    notes: str,
) -> None:
    """Write FILE.provenance.toml beside `path`, with the checksum of the file as it is now."""
    quoted = json.dumps  # a JSON string without control characters is a TOML basic string
    tables = [
        "{ " + ", ".join(f"{key} = {quoted(value, ensure_ascii=False)}" for key, value in source.items()) + " }"
        for source in sources
    ]
    text = "\n".join(
        [
            *(
                f"{key} = {quoted(value, ensure_ascii=False)}"
                for key, value in {"title": title, "licence": licence, "attribution": attribution}.items()
            ),
            "sources = [",
            *(f"  {table}," for table in tables),
            "]",
            *(
                f"{key} = {quoted(value, ensure_ascii=False)}"
                for key, value in {
                    "command": command,
                    "made_by": made_by,
                    "sha256": sha256_of(path),
                    "notes": notes,
                }.items()
            ),
        ]
    )
    path.with_name(path.name + ".provenance.toml").write_text(text + "\n", encoding="utf-8")


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
