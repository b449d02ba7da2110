//! The real window: on a desktop through winit, on the appliance the whole display through KMS.
//! Which of the two is chosen when the program is built. No timer runs here: the clock on the
//! screen is part of the [`View`].

use slint::ComponentHandle;

use super::{App, bridge};
use crate::domain::touch::Touch;
use crate::view::View;

/// The kiosk's window. It lives on the main thread.
pub struct Window {
    app: App,
}

impl std::fmt::Debug for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Window")
    }
}

/// A way to reach the window from any thread.
#[derive(Clone)]
pub struct Handle {
    app: slint::Weak<App>,
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handle")
    }
}

impl Window {
    /// Makes the window and calls `on_touch`, on the main thread, with everything touched.
    ///
    /// # Errors
    /// What Slint says when there is no display to open it on.
    pub fn open(
        fullscreen: bool,
        on_touch: impl Fn(Touch) + 'static,
    ) -> Result<Self, slint::PlatformError> {
        let app = bridge::open()?;
        bridge::connect(&app, on_touch);
        app.window().set_fullscreen(fullscreen);
        Ok(Self { app })
    }

    /// A way to reach it from another thread.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle { app: self.app.as_weak() }
    }

    /// Shows `view` at once. For the first one, before [`Self::run`].
    pub fn show(&self, view: &View) {
        bridge::show(&self.app, view);
    }

    /// Shows the window until it is closed or [`Handle::quit`] is called.
    ///
    /// # Errors
    /// What Slint says when the display goes away.
    pub fn run(self) -> Result<(), slint::PlatformError> {
        self.app.run()
    }
}

/// The window is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("reach the window: it is closed")]
pub struct WindowClosed;

impl Handle {
    /// Shows `view` as soon as the window's thread gets to it.
    ///
    /// # Errors
    /// [`WindowClosed`] when nobody draws any more.
    pub fn show(&self, view: View) -> Result<(), WindowClosed> {
        self.app
            .upgrade_in_event_loop(move |app| bridge::show(&app, &view))
            .map_err(|_| WindowClosed)
    }

    /// Closes the window: [`Window::run`] returns.
    ///
    /// # Errors
    /// [`WindowClosed`] when it has been closed before.
    pub fn quit(&self) -> Result<(), WindowClosed> {
        slint::quit_event_loop().map_err(|_| WindowClosed)
    }
}
