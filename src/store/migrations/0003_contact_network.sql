-- The kiosk as a member of the contact networks. What was heard is no part of the chain: it says nothing about
-- a visitor, and goes after some weeks.

-- What the kiosk's own ids are made from: one secret per network, made on first start.
CREATE TABLE beacon_key (
    network TEXT    PRIMARY KEY,
    base    BLOB    NOT NULL CHECK (length(base) = 32),
    begins  INTEGER NOT NULL
) STRICT;

-- What was heard of the quarter of an hour that has not ended, and of ids that are still there: written again
-- and again, so that a power cut loses ten seconds and no more.
CREATE TABLE hearing (
    network        TEXT    NOT NULL,
    proximity_id   BLOB    NOT NULL,
    first          INTEGER NOT NULL,
    last           INTEGER NOT NULL,
    wall_trusted   INTEGER NOT NULL CHECK (wall_trusted IN (0, 1)),
    sightings      INTEGER NOT NULL,
    strongest_dbm  INTEGER NOT NULL,
    median_dbm     INTEGER NOT NULL,
    tx_power_dbm   INTEGER,
    near_seconds   INTEGER NOT NULL,
    PRIMARY KEY (network, proximity_id)
) STRICT, WITHOUT ROWID;

-- One row for each id and visit to the door. It is written when the quarter of an hour has ended in which the
-- id fell silent, all of them together and in the order of the ids, so that nothing in this file tells in which
-- order they came. `id` is the number of the quarter of an hour in which it was first heard, times 2^20, and a
-- count within it: rows of one day lie side by side. No address, and nothing that joins two ids.
CREATE TABLE encounter (
    id             INTEGER PRIMARY KEY,
    slots          INTEGER NOT NULL CHECK (slots >= 0),
    network        TEXT    NOT NULL,
    proximity_id   BLOB    NOT NULL,
    wall_trusted   INTEGER NOT NULL CHECK (wall_trusted IN (0, 1)),
    sightings      INTEGER NOT NULL,
    strongest_dbm  INTEGER NOT NULL,
    median_dbm     INTEGER NOT NULL,
    tx_power_dbm   INTEGER,
    near_seconds   INTEGER NOT NULL,
    first          INTEGER GENERATED ALWAYS AS ((id >> 20) * 900) VIRTUAL,
    last           INTEGER GENERATED ALWAYS AS (((id >> 20) + slots) * 900) VIRTUAL
) STRICT;

-- Files of published keys that were matched, by the SHA-256 of their bytes, so that each is matched once.
CREATE TABLE processed_file (
    sha256       BLOB    PRIMARY KEY CHECK (length(sha256) = 32),
    wall         INTEGER NOT NULL,
    wall_trusted INTEGER NOT NULL CHECK (wall_trusted IN (0, 1)),
    format       TEXT    NOT NULL,
    keys         INTEGER NOT NULL,
    matches      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A day on which the phone with a published key was at this door. The key itself is not kept: its digest finds
-- the row again when the key is taken back.
CREATE TABLE exposure (
    id         INTEGER PRIMARY KEY,
    key_digest BLOB    NOT NULL CHECK (length(key_digest) = 32),
    day        INTEGER NOT NULL,
    network    TEXT    NOT NULL,
    report     TEXT    NOT NULL,
    learned    INTEGER NOT NULL,
    UNIQUE (key_digest, day)
) STRICT;

-- The half-hours of it.
CREATE TABLE exposure_window (
    exposure       INTEGER NOT NULL REFERENCES exposure (id) ON DELETE CASCADE,
    begin          INTEGER NOT NULL,
    near_seconds   INTEGER NOT NULL,
    attenuation_db INTEGER,
    PRIMARY KEY (exposure, begin)
) STRICT, WITHOUT ROWID;

-- Of which exposures an administrator has told whoever looks after health: when, and when the kiosk had last
-- learned of it then. What it learns later is news.
CREATE TABLE passed_on (
    network TEXT    NOT NULL,
    day     INTEGER NOT NULL,
    report  TEXT    NOT NULL,
    learned INTEGER NOT NULL,
    wall    INTEGER NOT NULL,
    PRIMARY KEY (network, day, report)
) STRICT, WITHOUT ROWID;

-- Why somebody looked further: salt and canonical JSON of what an entry commits to, as `personal` is for a
-- visit. Rows are deleted when the persons of that time are.
CREATE TABLE reason (
    seq  INTEGER PRIMARY KEY REFERENCES entry (seq),
    salt BLOB NOT NULL CHECK (length(salt) = 32),
    body TEXT NOT NULL
) STRICT;
