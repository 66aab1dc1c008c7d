"""A drawn figure made fit for the page: known elements only, colours of the page's theme, no names that could clash."""

from typing import Final
from xml.etree import ElementTree

from goodheart.errors import InternalError

THEME: Final = {
    "#101010": "var(--ink)",
    "#505050": "var(--soft)",
    "#707070": "var(--quiet)",
    "#d0d0d0": "var(--line)",
    "#e8e8e8": "var(--band)",
    "#fefefe": "var(--paper)",
    "#0072b2": "var(--self)",
    "#d55e00": "var(--other)",
    "#009e73": "var(--human)",
}
"""Colours as they are drawn, and the style variable that stands for each."""

_SPACE: Final = "http://www.w3.org/2000/svg"
_ELEMENTS: Final = frozenset({"svg", "g", "path", "line", "text", "rect"})
_ATTRIBUTES: Final = frozenset(
    [
        "d",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "width",
        "height",
        "transform",
        "fill",
        "stroke",
        "stroke-width",
        "stroke-dasharray",
        "stroke-miterlimit",
        "opacity",
        "fill-opacity",
        "stroke-opacity",
        "text-anchor",
        "font-size",
        "font-weight",
        "viewBox",
    ]
)


def themed(svg: str, *, label: str, kind: str) -> str:
    """Rewrite a drawing for the page.

    Args:
        svg: As the renderer wrote it.
        label: What it shows, for a reader who does not see it.
        kind: Class of the element, `wide` or `narrow`.

    Returns:
        One `svg` element of allowed elements and attributes, whose colours are style variables.

    Raises:
        InternalError: a colour is not one of `THEME`.
    """
    root = ElementTree.fromstring(svg)
    clean = _kept(root)
    if clean is None:
        raise InternalError("a figure has to be an svg element")
    for name, value in (("class", kind), ("role", "img"), ("aria-label", label), ("xmlns", _SPACE)):
        clean.set(name, value)
    for name in ("width", "height", "fill"):
        clean.attrib.pop(name, None)
    return ElementTree.tostring(clean, encoding="unicode")


def _kept(element: ElementTree.Element) -> ElementTree.Element | None:
    name = element.tag.rpartition("}")[2]
    if name not in _ELEMENTS or element.get("display") == "none" or element.get("fill") == "white":
        return None
    clean = ElementTree.Element(name, _attributes(element))
    clean.text = element.text if name == "text" else None
    children = [child for child in map(_kept, element) if child is not None]
    if name == "g" and not children:
        return None
    if name == "path" and element.get("class") in ("background", "foreground"):
        return None
    clean.extend(children)
    return clean


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    found = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES}
    for paint in ("fill", "stroke"):
        if paint in found and found[paint] not in ("none", "transparent"):
            found[paint] = _colour(found[paint])
    if found.get("opacity") == "1":
        del found["opacity"]
    return found


def _colour(drawn: str) -> str:
    if drawn.lower() not in THEME:
        raise InternalError(f"every colour of a figure has to follow the page's theme; got {drawn!r}")
    return THEME[drawn.lower()]
