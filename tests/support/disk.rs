//! A disk that counts its syncs, remembers what was synced, and fails when it is told to, for the
//! books in the directories it is asked to watch.
//!
//! A thin layer over `SQLite`'s own file system layer, for the whole test binary. What it counts and
//! is told belongs to a directory, so tests can run side by side.
#![allow(
    dead_code,
    unsafe_code,
    clippy::allow_attributes,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "SQLite's file system layer is a table of C functions; each test binary uses a part"
)]

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};

use rusqlite::ffi;

/// What was told and seen of one directory.
#[derive(Default)]
struct Watched {
    failure: Option<c_int>,
    syncs: u32,
    synced: BTreeMap<PathBuf, Vec<u8>>,
}

static WATCHED: Mutex<BTreeMap<PathBuf, Watched>> = Mutex::new(BTreeMap::new());
/// The path of each open file, by the address `SQLite` knows it by.
static NAMES: Mutex<BTreeMap<usize, PathBuf>> = Mutex::new(BTreeMap::new());

type Open = unsafe extern "C" fn(
    *mut ffi::sqlite3_vfs,
    ffi::sqlite3_filename,
    *mut ffi::sqlite3_file,
    c_int,
    *mut c_int,
) -> c_int;
type Delete = unsafe extern "C" fn(*mut ffi::sqlite3_vfs, *const c_char, c_int) -> c_int;
type Write =
    unsafe extern "C" fn(*mut ffi::sqlite3_file, *const c_void, c_int, ffi::sqlite3_int64) -> c_int;
type Sync = unsafe extern "C" fn(*mut ffi::sqlite3_file, c_int) -> c_int;

static OPEN: OnceLock<Open> = OnceLock::new();
static DELETE: OnceLock<Delete> = OnceLock::new();
static WRITE: OnceLock<Write> = OnceLock::new();
static SYNC: OnceLock<Sync> = OnceLock::new();

/// One directory under watch, until this is dropped.
pub(crate) struct Disk {
    directory: PathBuf,
}

impl Disk {
    /// Watches every file that is opened in `directory` from now on.
    pub(crate) fn watch(directory: &Path) -> Self {
        install();
        let directory = directory.to_owned();
        lock(&WATCHED).insert(directory.clone(), Watched::default());
        Self { directory }
    }

    /// Syncs so far.
    pub(crate) fn syncs(&self) -> u32 {
        lock(&WATCHED)[&self.directory].syncs
    }

    /// Lets every write fail with an `SQLite` code, or work again.
    pub(crate) fn fail_with(&self, code: Option<c_int>) {
        lock(&WATCHED).get_mut(&self.directory).unwrap().failure = code;
    }

    /// What a power cut right now would leave: each file as it was when it was last synced. One
    /// that never was is not there.
    pub(crate) fn after_a_power_cut(&self) -> Vec<(PathBuf, Vec<u8>)> {
        lock(&WATCHED)[&self.directory].synced.clone().into_iter().collect()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        lock(&WATCHED).remove(&self.directory);
    }
}

/// Puts the layer under every connection opened from now on.
fn install() {
    static ONCE: Once = Once::new();
    // SAFETY: the found layer lives as long as the process; the copy is leaked and differs from
    // it in its name and two functions, which call the originals.
    ONCE.call_once(|| unsafe {
        let original = ffi::sqlite3_vfs_find(std::ptr::null());
        let mut layer = *original;
        OPEN.set(layer.xOpen.unwrap()).unwrap();
        layer.zName = c"watched".as_ptr();
        layer.pNext = std::ptr::null_mut();
        layer.xOpen = Some(open);
        DELETE.set(layer.xDelete.unwrap()).unwrap();
        layer.xDelete = Some(delete);
        let layer = Box::leak(Box::new(layer));
        assert_eq!(ffi::sqlite3_vfs_register(layer, 1), ffi::SQLITE_OK);
    });
}

/// A test that failed has said so; the others go on.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does something with what is known of the directory a file lies in, if that is watched.
fn of_file<T>(path: &Path, look: impl FnOnce(&mut Watched) -> T) -> Option<T> {
    let mut watched = lock(&WATCHED);
    let found = watched.iter_mut().find(|(directory, _)| path.starts_with(directory));
    found.map(|(_, watched)| look(watched))
}

fn name_of(file: *mut ffi::sqlite3_file) -> Option<PathBuf> {
    lock(&NAMES).get(&file.addr()).cloned()
}

unsafe extern "C" fn open(
    layer: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: the arguments go to the original as they came. When it succeeds it has set the
    // file's table of functions, which is copied; the copy is leaked. A name is a C string.
    unsafe {
        let code = OPEN.get().unwrap()(layer, name, file, flags, out);
        if name.is_null() || code != ffi::SQLITE_OK || (*file).pMethods.is_null() {
            lock(&NAMES).remove(&file.addr());
            return code;
        }
        let path = PathBuf::from(CStr::from_ptr(name).to_str().unwrap());
        let is_watched = of_file(&path, |_| ()).is_some();
        lock(&NAMES).insert(file.addr(), path);
        if is_watched {
            let mut methods = *(*file).pMethods;
            WRITE.get_or_init(|| methods.xWrite.unwrap());
            SYNC.get_or_init(|| methods.xSync.unwrap());
            methods.xWrite = Some(write);
            methods.xSync = Some(sync);
            (*file).pMethods = Box::leak(Box::new(methods));
        }
        code
    }
}

unsafe extern "C" fn delete(
    layer: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_directory: c_int,
) -> c_int {
    // SAFETY: a name is a C string; the arguments go to the original as they came.
    unsafe {
        if sync_directory != 0 {
            let path = PathBuf::from(CStr::from_ptr(name).to_str().unwrap());
            of_file(&path, |watched| watched.synced.remove(&path));
        }
        DELETE.get().unwrap()(layer, name, sync_directory)
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let failure = name_of(file).and_then(|path| of_file(&path, |watched| watched.failure));
    match failure.flatten() {
        Some(code) => code,
        // SAFETY: the arguments go to the original as they came.
        None => unsafe { WRITE.get().unwrap()(file, bytes, amount, offset) },
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    if let Some(path) = name_of(file) {
        of_file(&path, |watched| {
            watched.syncs += 1;
            watched.synced.insert(path.clone(), std::fs::read(&path).unwrap());
        });
    }
    // SAFETY: the arguments go to the original as they came.
    unsafe { SYNC.get().unwrap()(file, flags) }
}
