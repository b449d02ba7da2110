-- The levels of the site as they were learned at the desk, who learned them and when. The last row
-- is in force; the former ones stay, so that a change of whom the bar calls running can be traced.
-- They are no part of the chain: they say nothing about a visitor. `levels` is JSON.
CREATE TABLE calibration (
    id           INTEGER PRIMARY KEY,
    levels       TEXT    NOT NULL,
    role         TEXT    NOT NULL CHECK (role IN ('administrator', 'guard')),
    wall         INTEGER NOT NULL,
    wall_trusted INTEGER NOT NULL CHECK (wall_trusted IN (0, 1))
) STRICT;
