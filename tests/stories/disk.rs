//! A disk that refuses to be written to when it is told to, for books whose path says `ailing`.
//!
//! A thin layer over `SQLite`'s own file system layer, for the whole test binary. One story at a
//! time may use it.

#![expect(unsafe_code, reason = "SQLite's file system layer is a table of C functions")]

use std::ffi::{CStr, c_int, c_void};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Once, OnceLock};

use rusqlite::ffi;

type Open = unsafe extern "C" fn(
    *mut ffi::sqlite3_vfs,
    ffi::sqlite3_filename,
    *mut ffi::sqlite3_file,
    c_int,
    *mut c_int,
) -> c_int;
type Write =
    unsafe extern "C" fn(*mut ffi::sqlite3_file, *const c_void, c_int, ffi::sqlite3_int64) -> c_int;

static OPEN: OnceLock<Open> = OnceLock::new();
static WRITE: OnceLock<Write> = OnceLock::new();
static FAILURE: AtomicI32 = AtomicI32::new(ffi::SQLITE_OK);

/// Puts the layer under every connection opened from now on.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    // SAFETY: the found layer lives as long as the process; the copy is leaked and differs from
    // it in its name and one function, which calls the original.
    ONCE.call_once(|| unsafe {
        let original = ffi::sqlite3_vfs_find(std::ptr::null());
        let mut layer = *original;
        OPEN.set(layer.xOpen.unwrap()).unwrap();
        layer.zName = c"ailing".as_ptr();
        layer.pNext = std::ptr::null_mut();
        layer.xOpen = Some(open);
        let layer = Box::leak(Box::new(layer));
        assert_eq!(ffi::sqlite3_vfs_register(layer, 1), ffi::SQLITE_OK);
    });
}

/// Lets every write fail with an `SQLite` code, or work again with `SQLITE_OK`.
pub(super) fn fail_with(code: c_int) {
    FAILURE.store(code, Ordering::SeqCst);
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
        let is_ailing =
            !name.is_null() && CStr::from_ptr(name).to_string_lossy().contains("ailing");
        if code == ffi::SQLITE_OK && is_ailing && !(*file).pMethods.is_null() {
            let mut methods = *(*file).pMethods;
            WRITE.get_or_init(|| methods.xWrite.unwrap());
            methods.xWrite = Some(write);
            (*file).pMethods = Box::leak(Box::new(methods));
        }
        code
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    match FAILURE.load(Ordering::SeqCst) {
        // SAFETY: the arguments go to the original as they came.
        ffi::SQLITE_OK => unsafe { WRITE.get().unwrap()(file, bytes, amount, offset) },
        code => code,
    }
}
