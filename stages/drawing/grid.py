"""Positions for any number of square pictures in an area, as large as possible."""

from typing import NamedTuple


class Grid(NamedTuple):
    """Positions row by row: pictures in a row, the steps across and down, the gap, and a picture's side, in pixels."""

    columns: int
    across: int
    down: int
    gap: tuple[int, int]
    side: int

    def place(self, k: int) -> tuple[int, int]:
        """Return the k-th picture's position from the left and the top. The gap above it is not counted."""
        row, column = divmod(k, self.columns)
        spare = (self.across - self.gap[0] - self.side) // 2, (self.down - self.gap[1] - self.side) // 2
        return self.across * column + spare[0], self.down * row + spare[1]


def grid_for(number: int, area: tuple[int, int], gap: tuple[int, int], unit: int) -> Grid:
    """Return the grid with the largest pictures in an area, width and height. Their side is a multiple of `unit`.

    Between pictures a gap remains free, across and down, unless there is no space even for pictures of one unit.
    """

    def room(columns: int) -> int:
        return min(area[0] // columns - gap[0], area[1] // -(-number // columns) - gap[1])

    columns = max(range(1, number + 1), key=room)
    rows = -(-number // columns)
    side = max(room(columns) // unit, 1) * unit
    return Grid(columns, area[0] // columns, area[1] // rows, gap, side)
