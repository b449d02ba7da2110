//! Draws a [`View`] without any display, with the same software renderer that draws on the glass.
//! It serves `kiosk tour`, the headless morning and the tests; nothing can be touched here.

use std::rc::Rc;

use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType, TargetPixel};
use slint::platform::{self, Platform, WindowAdapter};
use slint::{PhysicalSize, PlatformError, Rgb8Pixel, SharedPixelBuffer};

use super::{App, bridge};
use crate::view::View;

/// The size of a display.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Size {
    /// The displays the screens are drawn for: a desk monitor, the 7-inch Pi display, a portrait
    /// display.
    pub const ALL: [Self; 3] = [
        Self { width: 1280, height: 800 },
        Self { width: 800, height: 480 },
        Self { width: 720, height: 1280 },
    ];
}

/// Why nothing could be drawn.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// This thread already has screens.
    #[error("set up drawing without a display: {0}")]
    Taken(#[from] platform::SetPlatformError),
    /// Slint would not start.
    #[error("set up drawing without a display: {0}")]
    Platform(#[from] PlatformError),
    /// The pixels do not make a PNG file.
    #[error("write a picture as PNG: {0}")]
    Png(#[from] png::EncodingError),
}

/// Pixels of a screen.
#[derive(Clone)]
pub struct Picture {
    pixels: SharedPixelBuffer<Rgb8Pixel>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}×{})", self.pixels.width(), self.pixels.height())
    }
}

impl Picture {
    /// Its size.
    #[must_use]
    pub fn size(&self) -> Size {
        Size { width: self.pixels.width(), height: self.pixels.height() }
    }

    /// Red, green and blue of each pixel, row by row from the top left.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.pixels.as_bytes()
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// [`SnapshotError::Png`] when the encoder refuses it.
    pub fn to_png(&self) -> Result<Vec<u8>, SnapshotError> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.pixels.width(), self.pixels.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(self.as_bytes())?;
        writer.finish()?;
        Ok(file)
    }
}

/// The screens, on no display. One a thread, and none where a window has been opened.
pub struct Studio {
    window: Rc<MinimalSoftwareWindow>,
    app: App,
}

impl std::fmt::Debug for Studio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Studio")
    }
}

impl Studio {
    /// Sets up drawing on this thread.
    ///
    /// # Errors
    /// [`SnapshotError`] when this thread already has screens.
    pub fn open() -> Result<Self, SnapshotError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
        platform::set_platform(Box::new(NoDisplay { window: Rc::clone(&window) }))?;
        let app = bridge::open()?;
        slint::ComponentHandle::show(&app)?;
        Ok(Self { window, app })
    }

    /// Draws `view` on a display of `size`.
    #[must_use]
    pub fn picture(&self, view: &View, size: Size) -> Picture {
        let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(size.width, size.height);
        self.draw(view, size, pixels.make_mut_slice());
        Picture { pixels }
    }

    /// Draws `view` on a display of `size` into `pixels`, of which there must be `width` × `height`.
    pub fn draw<Pixel: TargetPixel>(&self, view: &View, size: Size, pixels: &mut [Pixel]) {
        self.window.set_size(PhysicalSize::new(size.width, size.height));
        bridge::show(&self.app, view);
        platform::update_timers_and_animations();
        self.window.request_redraw();
        self.window.draw_if_needed(|renderer| {
            renderer.render(pixels, usize::try_from(size.width).unwrap_or_default());
        });
    }
}

/// A Slint platform with one window that is only memory.
struct NoDisplay {
    window: Rc<MinimalSoftwareWindow>,
}

impl Platform for NoDisplay {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        let window: Rc<dyn WindowAdapter> = Rc::<MinimalSoftwareWindow>::clone(&self.window);
        Ok(window)
    }
}
