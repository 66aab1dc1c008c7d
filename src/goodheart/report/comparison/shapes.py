"""A drawing as a list of shapes, in pixels; nothing depends on the fonts of the machine that draws."""

from collections.abc import Sequence
from xml.etree import ElementTree

Point = tuple[float, float]


class Shapes:
    """Shapes in the order in which they are painted."""

    def __init__(self, *, font: int) -> None:
        self._font = font
        self._root = ElementTree.Element("svg")

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Add a filled rectangle."""
        self._add("rect", x=_at(x), y=_at(y), width=_at(width), height=_at(height), fill=fill)

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str, width: float, dash: str = "") -> None:
        """Add a straight line."""
        line = self._add(
            "line", x1=_at(x1), y1=_at(y1), x2=_at(x2), y2=_at(y2), stroke=stroke, **{"stroke-width": _at(width)}
        )
        if dash:
            line.set("stroke-dasharray", dash)

    def circle(self, x: float, y: float, radius: float, stroke: str, fill: str) -> None:
        """Add a circle, as a path of two arcs."""
        arc = f"A{_at(radius)},{_at(radius)},0,1,1"
        way = f"M{_at(x + radius)},{_at(y)}{arc},{_at(x - radius)},{_at(y)}{arc},{_at(x + radius)},{_at(y)}Z"
        self._add("path", d=way, stroke=stroke, fill=fill, **{"stroke-width": "1.5"})

    def triangle(self, a: Point, b: Point, c: Point, fill: str) -> None:
        """Add a filled triangle."""
        self.polygon((a, b, c), fill)

    def polygon(self, corners: Sequence[Point], fill: str) -> None:
        """Add a filled area."""
        way = "L".join(f"{_at(x)},{_at(y)}" for x, y in corners)
        self._add("path", d=f"M{way}Z", fill=fill)

    def text(self, x: float, y: float, text: str, fill: str, anchor: str, *, bold: bool = False) -> None:
        """Add a line of text whose baseline is at `y`."""
        extra = {"text-anchor": anchor, "font-size": f"{self._font}px", "font-weight": "600" if bold else "400"}
        self._add("text", x=_at(x), y=_at(y), fill=fill, **extra).text = text

    def svg(self, *, width: float, height: float) -> str:
        """Write the drawing."""
        self._root.set("viewBox", f"0 0 {_at(width)} {_at(height)}")
        return ElementTree.tostring(self._root, encoding="unicode")

    def _add(self, name: str, **attributes: str) -> ElementTree.Element:
        return ElementTree.SubElement(self._root, name, attributes)


def _at(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
