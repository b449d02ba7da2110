//! A link as a QR code: one pixel a module, to be enlarged by whole pixels on the screen.

use qrcode::{Color, EcLevel, QrCode};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// Modules left white around a code (ISO/IEC 18004:2015, 5.3.8).
pub const QUIET_ZONE_MODULES: u32 = 4;

const INK: Rgb8Pixel = Rgb8Pixel { r: 0x0B, g: 0x1F, b: 0x3A };
const PAPER: Rgb8Pixel = Rgb8Pixel { r: 0xFF, g: 0xFF, b: 0xFF };

/// A code to be drawn.
#[derive(Clone, Debug)]
pub struct Code {
    /// Square, one pixel a module, the quiet zone around it.
    pub image: Image,
    /// Modules along a side, the quiet zone counted.
    pub modules: u32,
}

/// Why a link cannot be drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("draw a link of {bytes} bytes as a QR code: it is too long, take a shorter link")]
pub struct LinkTooLong {
    /// The length of the link.
    pub bytes: usize,
}

/// The code of `link` at level M: 15 % of it may be hidden by a reflection on the glass.
///
/// # Errors
/// [`LinkTooLong`] when no code holds it.
pub fn code(link: &str) -> Result<Code, LinkTooLong> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M)
        .map_err(|_| LinkTooLong { bytes: link.len() })?;
    let colors = code.to_colors();
    let width = code.width();
    // A code has at most 177 modules a side, so this holds.
    let side = u32::try_from(width).map_err(|_| LinkTooLong { bytes: link.len() })?;
    let modules = side + 2 * QUIET_ZONE_MODULES;
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(modules, modules);
    pixels.make_mut_slice().fill(PAPER);
    let rows = pixels.make_mut_slice().chunks_exact_mut(width + 8).skip(4);
    for (row, line) in rows.zip(colors.chunks_exact(width)) {
        for (pixel, color) in row.iter_mut().skip(4).zip(line) {
            if *color == Color::Dark {
                *pixel = INK;
            }
        }
    }
    Ok(Code { image: Image::from_rgb8(pixels), modules })
}

/// The link as people read it: without the scheme, `www.` and a slash at the end.
#[must_use]
pub fn readable(link: &str) -> &str {
    let link = link.split_once("://").map_or(link, |(_, rest)| rest);
    let link = link.strip_prefix("www.").unwrap_or(link);
    link.strip_suffix('/').unwrap_or(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quiet_zone_is_white_and_four_modules_wide() {
        let code = code("https://www.bluezone.gov.vn").unwrap();
        assert_eq!(code.modules, 29 + 8);
        let pixels = code.image.to_rgb8().unwrap();
        let at = |x: usize, y: usize| pixels.as_slice()[y * 37 + x];
        for along in 0..37 {
            for depth in 0..4 {
                assert_eq!(at(along, depth), PAPER);
                assert_eq!(at(depth, along), PAPER);
            }
        }
        assert_eq!(at(4, 4), INK, "the corner of the first finder pattern");
    }

    #[test]
    fn a_link_no_code_can_hold_is_refused() {
        assert_eq!(code(&"x".repeat(3_000)).unwrap_err(), LinkTooLong { bytes: 3_000 });
    }

    #[test]
    fn a_link_reads_without_its_scheme() {
        assert_eq!(readable("https://www.bluezone.gov.vn"), "bluezone.gov.vn");
        assert_eq!(readable("http://example.org/app/"), "example.org/app");
        assert_eq!(readable("bluezone.gov.vn"), "bluezone.gov.vn");
    }
}
