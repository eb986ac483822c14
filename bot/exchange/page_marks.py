"""The marks of a drawn page, as Vega names them. Pixels; y grows downwards."""

from __future__ import annotations

from typing import Any

Mark = dict[str, Any]

FONT = "Liberation Sans"
"""Comes with the drawing library, so that the page looks the same on every machine."""

INK, SOFT, LINE, PALE = "#0B0C0C", "#505A5F", "#B1B4B6", "#F3F5F7"
BLUE, SKY = "#0072B2", "#56B4E9"
COLOURS = (BLUE, "#E69F00", "#009E73", "#CC79A7", "#D55E00", SKY)
"""Told apart by colour-blind people too. Words say the same: no colour stands alone."""

_LETTER = 0.53
"""Typical width of a letter, of its size."""


def page(width: int, height: int, marks: list[Mark]) -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": width,
        "height": height,
        "padding": 0,
        "autosize": "none",
        "background": "white",
        "marks": marks,
    }


def _mark(kind: str, **values: object) -> Mark:
    shown = {name: {"value": value} for name, value in values.items() if value is not None}
    return {"type": kind, "encode": {"enter": shown}}


def words(
    x: float,
    y: float,
    text: str | list[str],
    size: int,
    *,
    bold: bool = False,
    colour: str = INK,
    align: str = "left",
    room: float | None = None,
) -> Mark:
    """`y` is the middle of the line, or of the lines together. `room`: cut there, with '…'."""
    lines = [text] if isinstance(text, str) else text
    height = round(size * 1.2)
    return _mark(
        "text",
        x=x,
        y=y - height * (len(lines) - 1) / 2,
        text=lines,
        font=FONT,
        fontSize=size,
        fontWeight="bold" if bold else "normal",
        fill=colour,
        align=align,
        baseline="middle",
        lineHeight=height,
        limit=room,
    )


def block(x: float, y: float, width: float, height: float, fill: str) -> Mark:
    return _mark("rect", x=x, y=y, width=width, height=height, fill=fill)


def dashed(x: float, y: float, width: float, height: float) -> Mark:
    """Stands for a number that is not shown."""
    return _mark(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        fill="white",
        stroke=SOFT,
        strokeWidth=1.5,
        strokeDash=[5, 4],
    )


def band(start: tuple[float, float], end: tuple[float, float], width: float, fill: str) -> Mark:
    """A flow from one upper left corner to another, equally wide all along."""
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2
    path = (
        f"M{x0},{y0}C{middle},{y0} {middle},{y1} {x1},{y1}L{x1},{y1 + width}"
        f"C{middle},{y1 + width} {middle},{y0 + width} {x0},{y0 + width}Z"
    )
    return _mark("path", path=path, fill=fill, fillOpacity=0.35)


def wrapped(text: str, size: int, room: float, most: int = 2) -> list[str]:
    """At most `most` lines; what does not fit is left to the last line's cut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (len(longer) * size * _LETTER <= room or len(lines) == most):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
