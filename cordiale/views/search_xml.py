"""XML as it leaves the house: UTF-8, indented, and without the characters that XML 1.0 forbids."""

import re
import xml.etree.ElementTree as ET
from typing import Final

from cordiale.earth.instants import iso
from cordiale.earth.units import Degrees, Instant

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production [2]


def element(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    """A child at the end of an element; attributes by keyword."""
    child = ET.SubElement(parent, tag, {name: clean(value) for name, value in attributes.items()})
    if text is not None:
        child.text = clean(text)
    return child


def document(root: ET.Element) -> bytes:
    """The whole file."""
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def clean(text: str) -> str:
    """A text without the characters that no XML file may hold."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def stamp(at: Instant) -> str:
    """UTC with Z to the whole second: what every receiver reads."""
    return iso(round(at))


def angle(value: Degrees) -> str:
    """Degrees to 6 decimals, 0.1 m, never in powers of ten; -0 is 0."""
    return f"{round(value, 6) + 0.0:.6f}"
