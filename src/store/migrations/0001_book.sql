-- The book. `entry` is append-only and never changes; `personal` holds what can be erased;
-- `visit` is a projection of `entry` that can be thrown away and rebuilt; `pin` stands apart.

-- What the chain covers. `public` is canonical JSON (RFC 8785); an all-zero `commitment` says
-- that there never was a personal part. The two generated columns take no room of their own and
-- cannot disagree with `public`.
CREATE TABLE entry (
    seq        INTEGER PRIMARY KEY CHECK (seq > 0),
    public     TEXT    NOT NULL,
    commitment BLOB    NOT NULL CHECK (length(commitment) = 32),
    hash       BLOB    NOT NULL CHECK (length(hash) = 32),
    visit      INTEGER GENERATED ALWAYS AS (
                   coalesce(public ->> '$.event.facts.visit', public ->> '$.event.visit')) VIRTUAL,
    wall       INTEGER GENERATED ALWAYS AS (public ->> '$.wall') VIRTUAL
) STRICT;

CREATE INDEX entry_by_visit ON entry (visit) WHERE visit IS NOT NULL;
CREATE INDEX entry_by_wall  ON entry (wall);

-- The person: salt and canonical JSON of the personal part. Rows are deleted when the person is
-- erased, and nothing else in this file says who it was.
CREATE TABLE personal (
    seq   INTEGER PRIMARY KEY REFERENCES entry (seq),
    visit INTEGER NOT NULL,
    salt  BLOB    NOT NULL CHECK (length(salt) = 32),
    body  TEXT    NOT NULL
) STRICT;

CREATE INDEX personal_by_visit ON personal (visit);

-- Where each visit stands now: the entry whose facts and personal part are in force, the face of
-- the bar after later verdicts, when and how it began and ended.
CREATE TABLE visit (
    visit   INTEGER PRIMARY KEY,
    seq     INTEGER NOT NULL REFERENCES entry (seq),
    face    TEXT    NOT NULL,
    entered INTEGER NOT NULL,
    left_at INTEGER,
    how     TEXT CHECK (how IN ('visitor', 'guard', 'closing_sweep')),
    CHECK ((left_at IS NULL) = (how IS NULL))
) STRICT;

CREATE INDEX visit_open ON visit (visit) WHERE left_at IS NULL;

-- Argon2id in PHC form.
CREATE TABLE pin (
    role TEXT PRIMARY KEY CHECK (role IN ('administrator', 'guard')),
    phc  TEXT NOT NULL
) STRICT;
