//! The only crossing between plain values and the screens: [`open`] makes the screens, [`show`]
//! sets what they show, [`connect`] tells what is touched.

mod exposures;
mod install;
mod keys;
mod radio;
mod show;
mod touches;

pub use show::show;
pub use touches::connect;

use std::num::NonZeroU32;

use slint::{ComponentHandle, Image};

use super::generated::{App, InstallAdapter, PlotAdapter};
use super::{fonts, qr};

/// The screens on this thread's Slint platform, with the embedded fonts.
///
/// # Errors
/// What the platform says when it can open no window.
pub fn open() -> Result<App, slint::PlatformError> {
    let app = App::new()?;
    fonts::register();
    app.global::<InstallAdapter<'_>>().on_code(|link, module| install_code(&link, module));
    app.global::<PlotAdapter<'_>>()
        .on_trace(|levels, width, height| radio::trace(&levels, width, height));
    // Texts may have been measured while the component was made.
    app.window().request_redraw();
    Ok(app)
}

/// The install code with `module` pixels a module; nothing for a link that no code holds.
fn install_code(link: &str, module: i32) -> Image {
    let module = u32::try_from(module).ok().and_then(NonZeroU32::new);
    module.and_then(|module| qr::picture(link, module).ok()).unwrap_or_default()
}
