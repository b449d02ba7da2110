//! The only crossing between plain values and the screens: [`open`] makes the screens, [`show`]
//! sets what they show, [`connect`] tells what is touched.

mod keys;
mod show;
mod touches;

pub use show::show;
pub use touches::connect;

use slint::ComponentHandle;

use super::{fonts, generated::App};

/// The screens on this thread's Slint platform, with the embedded fonts.
///
/// # Errors
/// What the platform says when it can open no window.
pub fn open() -> Result<App, slint::PlatformError> {
    let app = App::new()?;
    fonts::register();
    // Texts may have been measured while the component was made.
    app.window().request_redraw();
    Ok(app)
}
