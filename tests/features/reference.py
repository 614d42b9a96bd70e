"""Strokes of one image, pixel by pixel in plain Python: what the fast code is compared with."""

import math
from collections.abc import Sequence
from fractions import Fraction

Rows = list[list[int]]
MIDDLE = 13.5
AROUND = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)]  # eight directions, clockwise


def strokes(pixels: Sequence[int]) -> list[int]:
    """Return the 392 bytes of an image."""
    image = upright([list(pixels[28 * y : 28 * y + 28]) for y in range(28)])
    return [strength(image, row, column, k) for row in range(7) for column in range(7) for k in range(8)]


def ink(image: Rows, x: int, y: int) -> int:
    return image[y][x] if 0 <= x < 28 and 0 <= y < 28 else 0


def upright(image: Rows) -> Rows:
    """Sample an image in its frame, between four pixels each time."""
    points = [(image[y][x], x, y) for y in range(28) for x in range(28)]
    total = sum(p for p, _, _ in points)
    if sum(p > 0 for p, _, _ in points) < 2:
        return image
    cx, cy = (Fraction(sum(point[0] * point[axis] for point in points), total) for axis in (1, 2))
    xx, xy, yy = (
        sum(p * (x - cx) ** a * (y - cy) ** (2 - a) for p, x, y in points) * total for a in (2, 1, 0)
    )  # whole numbers
    s = min(max(float(xy / yy) if yy else 0.0, -1.0), 1.0)
    sx, sy = math.sqrt(max(int(xx) - s * (2 * int(xy) - s * int(yy)), 0)) / total, math.sqrt(yy) / total
    fx, fy = (min(max(f / 5.5, 0.5), 2.0) for f in (math.sqrt(sx * sy), sy))
    new = []
    for v in range(28):
        y = place(float(cy) - fy * MIDDLE, fy, v)
        start = float(cx) + s * (fy * (v - MIDDLE)) - fx * MIDDLE
        new.append([between(image, place(start, fx, u), y) for u in range(28)])
    return new


def place(start: float, step: float, number: int) -> int:
    """Return a position in 2^-16 of a pixel, not beyond the edge."""
    whole = math.floor(start * 65536 + 0.5) + math.floor(step * 65536 + 0.5) * number
    return min(max(whole, -65536), 28 * 65536)


def between(image: Rows, x: int, y: int) -> int:
    """Return the ink at a position, of which 1/256 of a pixel counts."""
    (left, across), (top, down) = (divmod(x // 256, 256), divmod(y // 256, 256))
    parts = [(left, top, 256 - across, 256 - down), (left + 1, top, across, 256 - down)]
    parts += [(left, top + 1, 256 - across, down), (left + 1, top + 1, across, down)]
    return math.floor(Fraction(sum(ink(image, *at) * a * b for *at, a, b in parts), 65536) + Fraction(1, 2))


def strength(image: Rows, row: int, column: int, k: int) -> int:
    """Return the byte of a place and direction."""
    total = 0
    for y in range(28):
        for x in range(28):
            near_x, near_y = 8 - abs(2 * x - 8 * column - 3), 8 - abs(2 * y - 8 * row - 3)
            if near_x > 0 and near_y > 0:
                total += near_x * near_y * part(image, x, y, k)
    return math.floor(min(math.sqrt(total * (math.sqrt(2) if k % 2 else 1)) * 0.4, 255) + 0.5)


def part(image: Rows, x: int, y: int, k: int) -> int:
    """Return how often direction k goes into the gradient, which is so much of it and so much of a neighbour."""
    gx = sum(a * ink(image, x + dx, y + dy) * dx for dy, a in ((-1, 1), (0, 2), (1, 1)) for dx in (-1, 1))
    gy = sum(a * ink(image, x + dx, y + dy) * dy for dx, a in ((-1, 1), (0, 2), (1, 1)) for dy in (-1, 1))
    ax, ay = AROUND[k]
    for bx, by in (AROUND[k - 1], AROUND[(k + 1) % 8]):  # (gx, gy) = m (ax, ay) + n (bx, by), by Cramer's rule
        turn = ax * by - ay * bx
        m, n = (gx * by - gy * bx) * turn, (ax * gy - ay * gx) * turn
        if m > 0 and n >= 0:
            return m
    return 0
