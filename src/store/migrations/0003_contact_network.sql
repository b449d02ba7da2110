-- The kiosk as a member of the contact networks. What was heard is no part of the chain: it says nothing about
-- a visitor, and goes after some weeks.

-- What the kiosk's own ids are made from: one secret per network, made on first start. Under `venue`, which is
-- no network, stands the secret of the door's codes.
CREATE TABLE beacon_key (
    network TEXT    PRIMARY KEY,
    base    BLOB    NOT NULL CHECK (length(base) = 32),
    begins  INTEGER NOT NULL
) STRICT;

-- Written close together: SQLite keeps this text on the first page while it fits there, and damage to any other
-- page then leaves all tables to be found (a test watches that).

-- What was heard of the quarter of an hour that has not ended, and of ids that are still there: written again
-- and again, so that a power cut loses ten seconds and no more.
CREATE TABLE hearing (
 network TEXT NOT NULL, proximity_id BLOB NOT NULL, first INT NOT NULL, last INT NOT NULL,
 wall_trusted INT NOT NULL, sightings INT NOT NULL, strongest_dbm INT NOT NULL, median_dbm INT NOT NULL,
 tx_power_dbm INT, near_seconds INT NOT NULL, PRIMARY KEY (network, proximity_id)
) STRICT, WITHOUT ROWID;

-- One row for each id and visit to the door. It is written when the quarter of an hour has ended in which the
-- id fell silent, all of them together and in the order of the ids, so that nothing in this file tells in which
-- order they came. `id` is the number of the quarter of an hour in which it was first heard, times 2^20, and a
-- count within it: rows of one day lie side by side. `slots` is how many quarters later it was last heard. No
-- address, and nothing that joins two ids.
CREATE TABLE encounter (
 id INTEGER PRIMARY KEY, slots INT NOT NULL, network TEXT NOT NULL, proximity_id BLOB NOT NULL,
 wall_trusted INT NOT NULL, sightings INT NOT NULL, strongest_dbm INT NOT NULL, median_dbm INT NOT NULL,
 tx_power_dbm INT, near_seconds INT NOT NULL
) STRICT;

-- Files of published keys that were matched, by the SHA-256 of their bytes, so that each is matched once.
CREATE TABLE processed_file (
 sha256 BLOB PRIMARY KEY, wall INT NOT NULL, format TEXT NOT NULL, keys INT NOT NULL, matches INT NOT NULL
) STRICT, WITHOUT ROWID;

-- Half-hours in which the phone with a published key was at this door. The key itself is not kept: its digest
-- finds the rows again when the key is taken back.
CREATE TABLE exposure (
 key_digest BLOB NOT NULL, begin INT NOT NULL, day INT NOT NULL,
 network TEXT NOT NULL, report TEXT NOT NULL, near_seconds INT NOT NULL, attenuation_db INT,
 learned INT NOT NULL, PRIMARY KEY (key_digest, begin)
) STRICT, WITHOUT ROWID;

-- Of which exposures an administrator has told whoever looks after health: when, and when the kiosk had last
-- learned of it then. What it learns later is news.
CREATE TABLE passed_on (
 network TEXT NOT NULL, day INT NOT NULL, report TEXT NOT NULL, learned INT NOT NULL, wall INT NOT NULL,
 PRIMARY KEY (network, day, report)
) STRICT, WITHOUT ROWID;

-- Why somebody looked further: salt and canonical JSON of what an entry commits to, as `personal` is for a
-- visit. Rows are deleted when the persons of that time are.
CREATE TABLE reason (
 seq INTEGER PRIMARY KEY REFERENCES entry (seq), salt BLOB NOT NULL CHECK (length(salt) = 32),
 body TEXT NOT NULL
) STRICT;
