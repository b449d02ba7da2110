//! What else names could be found with, in the same run on the same visits: a plain LIKE over
//! folded names, FTS5 with prefixes, and a table of every prefix of every word.

use std::path::Path;

use kiosk::domain::logbook::Public;
use kiosk::domain::name::{fold, words};
use kiosk::domain::visit::Personal;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, params_from_iter};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Like,
    Fts5,
    Prefixes,
}

pub(crate) struct Yardstick {
    way: Way,
    connection: Connection,
}

type Result<T> = anyhow::Result<T>;

impl Yardstick {
    /// A file of its own beside the book, filled with the names in the book.
    pub(crate) fn new(way: Way, book: &Path, file: &Path) -> Result<Self> {
        let connection = Connection::open(file)?;
        // As the book has it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0;",
        )?;
        connection.execute_batch(match way {
            Way::Like => "CREATE TABLE plain (visit INTEGER PRIMARY KEY, name TEXT)",
            Way::Fts5 => {
                "CREATE VIRTUAL TABLE fts USING fts5 (name, content = '', contentless_delete = 1,
                 prefix = '1 2 3 4 5 6 7', detail = none)"
            }
            Way::Prefixes => {
                "CREATE TABLE prefix (word TEXT, visit INTEGER, PRIMARY KEY (word, visit))
                 WITHOUT ROWID"
            }
        })?;
        connection.execute("ATTACH ? AS book", [book.to_string_lossy()])?;
        let stick = Self { way, connection };
        stick.connection.execute_batch("BEGIN")?;
        let mut personal = stick.connection.prepare("SELECT visit, body FROM book.personal")?;
        let mut rows = personal.query([])?;
        while let Some(row) = rows.next()? {
            let body: Personal = serde_json::from_str(&row.get::<_, String>(1)?)?;
            stick.insert(row.get(0)?, &body.name)?;
        }
        drop(rows);
        drop(personal);
        stick.connection.execute_batch("COMMIT; PRAGMA main.wal_checkpoint(TRUNCATE)")?;
        Ok(stick)
    }

    pub(crate) fn insert(&self, visit: u32, name: &str) -> Result<()> {
        let folded = fold(name);
        let sql = match self.way {
            Way::Like => "INSERT INTO plain VALUES (?, ' ' || ?)",
            Way::Fts5 => "INSERT INTO fts (rowid, name) VALUES (?, ?)",
            Way::Prefixes => "INSERT OR IGNORE INTO prefix (visit, word) VALUES (?, ?)",
        };
        let mut insert = self.connection.prepare_cached(sql)?;
        if self.way == Way::Prefixes {
            for word in words(&folded) {
                for end in 1..=word.len() {
                    if let Some(prefix) = word.get(..end) {
                        insert.execute((visit, prefix))?;
                    }
                }
            }
        } else {
            insert.execute((visit, folded))?;
        }
        Ok(())
    }

    /// The latest 50 visits, read as the book reads them; how many there were.
    pub(crate) fn find(&self, typed: &str) -> Result<usize> {
        let folded = fold(typed);
        let words: Vec<&str> = words(&folded).collect();
        let (sql, with) = match self.way {
            Way::Like => {
                let each = vec!["name LIKE ?"; words.len()].join(" AND ");
                let sql =
                    format!("SELECT visit FROM plain WHERE {each} ORDER BY visit DESC LIMIT 50");
                (sql, words.iter().map(|word| format!("% {word}%")).collect())
            }
            Way::Fts5 => {
                let all = format!("\"{}\"*", words.join("\"* \""));
                let sql = "SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT 50";
                (sql.to_owned(), vec![all])
            }
            Way::Prefixes => {
                let more =
                    "AND EXISTS (SELECT 1 FROM prefix o WHERE o.word = ? AND o.visit = p.visit)";
                let more = vec![more; words.len().saturating_sub(1)].join(" ");
                let sql = format!(
                    "SELECT visit FROM prefix p WHERE word = ? {more} ORDER BY visit DESC LIMIT 50"
                );
                let mut words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
                // Longer prefixes are rarer on the whole, so they lead.
                words.sort_by_key(|word| std::cmp::Reverse(word.len()));
                (sql, words)
            }
        };
        let mut find = self.connection.prepare_cached(&sql)?;
        let visits = find.query_map(params_from_iter(with), |row| row.get::<_, u32>(0))?;
        let mut found = 0;
        for visit in visits {
            self.read(visit?)?;
            found += 1;
        }
        Ok(found)
    }

    /// Bytes of the file and bytes that a thousand single inserts write.
    pub(crate) fn costs(&self, file: &Path, names: &[String]) -> Result<(u64, u64)> {
        let bytes = std::fs::metadata(file)?.len();
        for (visit, name) in (2_000_000..).zip(names) {
            self.connection.execute_batch("BEGIN")?;
            self.insert(visit, name)?;
            self.connection.execute_batch("COMMIT")?;
        }
        let mut wal = file.as_os_str().to_owned();
        wal.push("-wal");
        Ok((bytes, std::fs::metadata(wal)?.len()))
    }

    fn read(&self, visit: u32) -> Result<()> {
        let mut read = self.connection.prepare_cached(
            "SELECT e.public, p.body FROM book.visit v JOIN book.entry e USING (seq)
             LEFT JOIN book.personal p USING (seq) WHERE v.visit = ?",
        )?;
        let (public, body): (String, String) =
            read.query_row([visit], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let public: Public = serde_json::from_str(&public)?;
        let body: Personal = serde_json::from_str(&body)?;
        std::hint::black_box((public, body));
        Ok(())
    }
}
