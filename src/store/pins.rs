//! The PINs behind the guard's screen, kept as Argon2id hashes.
//!
//! It says whose PIN it is and nothing else: how long to wait after a wrong one is the core's
//! business.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use rusqlite::{Connection, OptionalExtension};

use super::error::StoreError;
use crate::domain::guard::PinState;
use crate::domain::request::{Digits, Role};

/// Memory in KiB. With [`PASSES`] and [`LANES`] the OWASP Password Storage Cheat Sheet's choice
/// for Argon2id: 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

/// What is kept in place of the hash of a PIN that a damaged book did not give back. No PIN is it.
const LOST: &str = "";

/// The order in which a PIN is tried.
const ROLES: [Role; 2] = [Role::Administrator, Role::Guard];

/// Keeps these PINs in place of any former ones. The caller holds the transaction.
pub(super) fn set(
    connection: &Connection,
    administrator: &Digits,
    guard: &Digits,
) -> Result<(), StoreError> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(argon2::password_hash::Error::from)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    for (role, pin) in ROLES.into_iter().zip([administrator, guard]) {
        let phc = argon2.hash_password(pin.0.as_bytes())?.to_string();
        connection.execute(
            "INSERT INTO pin (role, phc) VALUES (?, ?)
             ON CONFLICT (role) DO UPDATE SET phc = excluded.phc",
            [word(role), &phc],
        )?;
    }
    Ok(())
}

/// Whose PIN this is; `None` when it is nobody's. It takes as long as Argon2id takes, twice.
pub(super) fn role_of(connection: &Connection, pin: &Digits) -> Result<Option<Role>, StoreError> {
    let mut whose = None;
    for role in ROLES {
        let phc: Option<String> = connection
            .query_row("SELECT phc FROM pin WHERE role = ?", [word(role)], |row| row.get(0))
            .optional()?;
        let Some(phc) = phc.filter(|phc| phc != LOST) else { continue };
        let kept = PasswordHash::new(&phc).map_err(argon2::password_hash::Error::from)?;
        // Both are always tried, so that the time taken tells nothing about whose it is.
        let matches = Argon2::default().verify_password(pin.0.as_bytes(), &kept).is_ok();
        if matches && whose.is_none() {
            whose = Some(role);
        }
    }
    Ok(whose)
}

/// Whether both PINs are kept, were kept in a book that was damaged, or were never chosen.
pub(super) fn state(connection: &Connection) -> Result<PinState, StoreError> {
    let (kept, lost): (usize, bool) = connection.query_row(
        "SELECT count(*), coalesce(max(phc = ?), 0) FROM pin",
        [LOST],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(match (lost, kept == ROLES.len()) {
        (true, _) => PinState::Lost,
        (false, true) => PinState::Set,
        (false, false) => PinState::ToChoose,
    })
}

/// Marks the PINs that are not there as lost: whoever stands at the screen of a book that was damaged
/// is not its administrator by that.
pub(super) fn mark_lost(connection: &Connection) -> Result<(), StoreError> {
    for role in ROLES {
        let insert = "INSERT OR IGNORE INTO pin (role, phc) VALUES (?, ?)";
        connection.execute(insert, [word(role), LOST])?;
    }
    Ok(())
}

/// How a role is written down.
pub(super) const fn word(role: Role) -> &'static str {
    match role {
        Role::Administrator => "administrator",
        Role::Guard => "guard",
    }
}

/// The role that is written down so.
pub(super) fn role_named(text: &str) -> Option<Role> {
    ROLES.into_iter().find(|role| word(*role) == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;

    fn digits(pin: &str) -> Digits {
        Digits(pin.into())
    }

    #[test]
    fn a_pin_tells_the_role_and_leaves_no_digits() {
        let dir = tempfile::tempdir().unwrap();
        let connection = schema::connect(&dir.path().join("logbook.db")).unwrap();
        assert_eq!(state(&connection).unwrap(), PinState::ToChoose);
        assert_eq!(role_of(&connection, &digits("2468")).unwrap(), None);

        set(&connection, &digits("1357"), &digits("0000")).unwrap();
        set(&connection, &digits("135790"), &digits("2468")).unwrap();
        assert_eq!(state(&connection).unwrap(), PinState::Set);
        assert_eq!(role_of(&connection, &digits("135790")).unwrap(), Some(Role::Administrator));
        assert_eq!(role_of(&connection, &digits("2468")).unwrap(), Some(Role::Guard));
        for wrong in ["", "0000", "24680", "1357"] {
            assert_eq!(role_of(&connection, &digits(wrong)).unwrap(), None, "{wrong}");
        }
        let phc: String = connection
            .query_row("SELECT phc FROM pin WHERE role = 'guard'", [], |row| row.get(0))
            .unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
    }
}
