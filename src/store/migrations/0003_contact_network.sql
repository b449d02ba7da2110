-- The kiosk as a member of the contact networks. None of it is part of the chain: it says nothing about a
-- visitor, and what was heard goes after some weeks.

-- What the kiosk's own ids are made from: one secret per network, made on first start.
CREATE TABLE beacon_key (
    network TEXT    PRIMARY KEY,
    base    BLOB    NOT NULL CHECK (length(base) = 32),
    begins  INTEGER NOT NULL
) STRICT;

-- One row for each id and visit to the door. Times are the beginnings of quarters of an hour, so that an id
-- cannot be joined to a visit by its second; no address, and nothing that joins two ids.
CREATE TABLE encounter (
    id             INTEGER PRIMARY KEY,
    network        TEXT    NOT NULL,
    proximity_id   BLOB    NOT NULL,
    first          INTEGER NOT NULL,
    last           INTEGER NOT NULL,
    sightings      INTEGER NOT NULL,
    strongest_dbm  INTEGER NOT NULL,
    median_dbm     INTEGER NOT NULL,
    tx_power_dbm   INTEGER,
    near_seconds   INTEGER NOT NULL
) STRICT;
