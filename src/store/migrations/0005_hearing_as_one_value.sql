-- What is heard in the quarter of an hour that has not ended stands in one value: all rows of fixed length, by
-- network and id, in room for more (hearing.rs). So the file is laid out by how many were heard and not by who came
-- first. What an older kiosk left open settles here, as it would with the first batch.

INSERT INTO encounter (id, slots, network, proximity_id, wall_trusted, sightings, strongest_dbm, median_dbm,
                       tx_power_dbm, near_seconds, metadata)
SELECT coalesce((SELECT max(id) + 1 FROM encounter WHERE id >= slot << 20 AND id < (slot + 1) << 20), slot << 20)
           + row_number() OVER (PARTITION BY slot ORDER BY first, network, proximity_id) - 1,
       max(last / 900 - slot, 0), network, proximity_id, wall_trusted, sightings, strongest_dbm, median_dbm,
       tx_power_dbm, near_seconds, metadata
FROM (SELECT *, min(max(first / 900, 0), 0x3ffffffffff) AS slot FROM hearing);

DROP TABLE hearing;

CREATE TABLE hearing (id INTEGER PRIMARY KEY CHECK (id = 1), rows BLOB NOT NULL) STRICT;
