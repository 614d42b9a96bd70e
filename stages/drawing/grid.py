"""Places for any number of square pictures in an area, as large as there is room for."""

from typing import NamedTuple


class Grid(NamedTuple):
    """Places row by row: how many to a row, the distance to the next, across and down, and the side of a picture."""

    columns: int
    across: int
    down: int
    gap: tuple[int, int]
    side: int

    def place(self, k: int) -> tuple[int, int]:
        """Return where the k-th picture is, from the left and from the top, the gap above it not counted."""
        row, column = divmod(k, self.columns)
        spare = (self.across - self.gap[0] - self.side) // 2, (self.down - self.gap[1] - self.side) // 2
        return self.across * column + spare[0], self.down * row + spare[1]


def grid_for(number: int, area: tuple[int, int], gap: tuple[int, int], unit: int) -> Grid:
    """Return the grid in an area, width and height, whose pictures are largest, with sides of whole units.

    Of each place a gap remains free, across and down, as far as the pictures then have a side of one unit.
    """

    def room(columns: int) -> int:
        return min(area[0] // columns - gap[0], area[1] // -(-number // columns) - gap[1])

    columns = max(range(1, number + 1), key=room)
    rows = -(-number // columns)
    side = max(room(columns) // unit, 1) * unit
    return Grid(columns, area[0] // columns, area[1] // rows, gap, side)
