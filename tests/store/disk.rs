//! A disk that counts its syncs, remembers what was synced, and fails when it is told to.
//!
//! A thin layer over `SQLite`'s own file system layer, for the whole test binary; what it counts and
//! is told holds for the calling thread alone, so tests can run side by side.

#![expect(unsafe_code, reason = "SQLite's file system layer is a table of C functions")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::{CStr, c_int, c_void};
use std::path::PathBuf;
use std::sync::{Once, OnceLock};

use rusqlite::ffi;

thread_local! {
    static SYNCS: Cell<u32> = const { Cell::new(0) };
    static FAILURE: Cell<Option<c_int>> = const { Cell::new(None) };
    static NAMES: RefCell<BTreeMap<usize, PathBuf>> = const { RefCell::new(BTreeMap::new()) };
    static SYNCED: RefCell<BTreeMap<PathBuf, Vec<u8>>> = const { RefCell::new(BTreeMap::new()) };
}

type Open = unsafe extern "C" fn(
    *mut ffi::sqlite3_vfs,
    ffi::sqlite3_filename,
    *mut ffi::sqlite3_file,
    c_int,
    *mut c_int,
) -> c_int;
type Delete = unsafe extern "C" fn(*mut ffi::sqlite3_vfs, *const std::ffi::c_char, c_int) -> c_int;
type Write =
    unsafe extern "C" fn(*mut ffi::sqlite3_file, *const c_void, c_int, ffi::sqlite3_int64) -> c_int;
type Sync = unsafe extern "C" fn(*mut ffi::sqlite3_file, c_int) -> c_int;

static OPEN: OnceLock<Open> = OnceLock::new();
static DELETE: OnceLock<Delete> = OnceLock::new();
static WRITE: OnceLock<Write> = OnceLock::new();
static SYNC: OnceLock<Sync> = OnceLock::new();

/// Puts the layer under every connection opened from now on.
pub(super) fn install() {
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

/// Syncs of this thread so far.
pub(super) fn syncs() -> u32 {
    SYNCS.get()
}

/// Lets every write of this thread fail with an `SQLite` code, or work again.
pub(super) fn fail_with(code: Option<c_int>) {
    FAILURE.set(code);
}

/// What a power cut right now would leave of the files under `directory`: each as it was when
/// this thread last synced it. A file that never was is not there.
pub(super) fn after_a_power_cut(directory: &std::path::Path) -> Vec<(PathBuf, Vec<u8>)> {
    SYNCED.with_borrow(|synced| {
        let there = synced.iter().filter(|(path, _)| path.starts_with(directory));
        there.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
    })
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
        if code == ffi::SQLITE_OK && !(*file).pMethods.is_null() {
            let mut methods = *(*file).pMethods;
            WRITE.get_or_init(|| methods.xWrite.unwrap());
            SYNC.get_or_init(|| methods.xSync.unwrap());
            methods.xWrite = Some(write);
            methods.xSync = Some(sync);
            (*file).pMethods = Box::leak(Box::new(methods));
            if !name.is_null() {
                let path = PathBuf::from(CStr::from_ptr(name).to_str().unwrap());
                NAMES.with_borrow_mut(|names| names.insert(file.addr(), path));
            }
        }
        code
    }
}

unsafe extern "C" fn delete(
    layer: *mut ffi::sqlite3_vfs,
    name: *const std::ffi::c_char,
    sync_directory: c_int,
) -> c_int {
    // SAFETY: a name is a C string; the arguments go to the original as they came.
    unsafe {
        if sync_directory != 0 {
            let path = PathBuf::from(CStr::from_ptr(name).to_str().unwrap());
            SYNCED.with_borrow_mut(|synced| synced.remove(&path));
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
    match FAILURE.get() {
        Some(code) => code,
        // SAFETY: the arguments go to the original as they came.
        None => unsafe { WRITE.get().unwrap()(file, bytes, amount, offset) },
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    SYNCS.set(SYNCS.get() + 1);
    if let Some(path) = NAMES.with_borrow(|names| names.get(&file.addr()).cloned()) {
        let bytes = std::fs::read(&path).unwrap();
        SYNCED.with_borrow_mut(|synced| synced.insert(path, bytes));
    }
    // SAFETY: the arguments go to the original as they came.
    unsafe { SYNC.get().unwrap()(file, flags) }
}
