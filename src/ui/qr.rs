//! A link as a QR code, drawn with whole pixels.

use std::fmt::Write;
use std::num::NonZeroU32;

use qrcode::{Color, EcLevel, QrCode};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// Modules left white around a code (ISO/IEC 18004:2015, 5.3.8).
pub const QUIET_ZONE_MODULES: u32 = 4;

const INK: Rgb8Pixel = Rgb8Pixel { r: 0x0B, g: 0x1F, b: 0x3A };
const PAPER: Rgb8Pixel = Rgb8Pixel { r: 0xFF, g: 0xFF, b: 0xFF };

/// Why a link cannot be drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("draw a link of {bytes} bytes as a QR code: it is too long, take a shorter link")]
pub struct LinkTooLong {
    /// The length of the link.
    pub bytes: usize,
}

/// How many modules the code of `link` has along a side, the quiet zone counted.
///
/// # Errors
/// [`LinkTooLong`] when no code holds it.
pub fn modules(link: &str) -> Result<u32, LinkTooLong> {
    let side = encode(link)?.width();
    // A code has at most 177 modules a side, so this holds.
    let side = u32::try_from(side).map_err(|_| LinkTooLong { bytes: link.len() })?;
    Ok(side + 2 * QUIET_ZONE_MODULES)
}

/// The code of `link` as a square picture, `module` pixels a module, its quiet zone around it.
/// It is to be shown at its own size: Slint's software renderer rounds its steps when it
/// enlarges, and would draw the modules unevenly and cut the quiet zone.
///
/// # Errors
/// [`LinkTooLong`] when no code holds it.
pub fn picture(link: &str, module: NonZeroU32) -> Result<Image, LinkTooLong> {
    let code = encode(link)?;
    let width = code.width();
    let colors = code.into_colors();
    let side = modules(link)? * module.get();
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(side, side);
    let count = |value: u32| usize::try_from(value).unwrap_or(usize::MAX);
    let (module, quiet) = (count(module.get()), count(QUIET_ZONE_MODULES));
    // `None` in the quiet zone, where no module is.
    let color = |pixel: usize, line: usize| {
        let column = (pixel / module).checked_sub(quiet).filter(|column| *column < width)?;
        let row = (line / module).checked_sub(quiet)?;
        colors.get(row * width + column)
    };
    for (line, row) in pixels.make_mut_slice().chunks_exact_mut(count(side)).enumerate() {
        for (place, pixel) in row.iter_mut().enumerate() {
            *pixel = if color(place, line) == Some(&Color::Dark) { INK } else { PAPER };
        }
    }
    Ok(Image::from_rgb8(pixels))
}

/// The code of `link` as an SVG picture to be printed, `title` under it. A module is as wide as a
/// unit, its quiet zone around it.
///
/// # Errors
/// [`LinkTooLong`] when no code holds it.
pub fn svg(link: &str, title: &str) -> Result<String, LinkTooLong> {
    let code = encode(link)?;
    let (width, side) = (code.width(), modules(link)?);
    let mut path = String::new();
    for (place, _) in code.into_colors().iter().enumerate().filter(|(_, c)| **c == Color::Dark) {
        let (column, row) = (place % width, place / width);
        // Writing into a string does not fail.
        let _written = write!(path, "M{column} {row}h1v1h-1z");
    }
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    let (height, quiet, middle) = (side + 8, QUIET_ZONE_MODULES, side / 2);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {height}\">\n\
         <path fill=\"#fff\" d=\"M0 0h{side}v{height}h-{side}z\"/>\n\
         <path transform=\"translate({quiet} {quiet})\" d=\"{path}\"/>\n\
         <text x=\"{middle}\" y=\"{side}\" font-size=\"4\" font-family=\"sans-serif\" \
         text-anchor=\"middle\" dominant-baseline=\"hanging\">{title}</text>\n</svg>\n"
    ))
}

/// Level M: 15 % of the code may be hidden by a reflection on the glass.
fn encode(link: &str) -> Result<QrCode, LinkTooLong> {
    QrCode::with_error_correction_level(link, EcLevel::M)
        .map_err(|_| LinkTooLong { bytes: link.len() })
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
        let link = "https://www.bluezone.gov.vn";
        assert_eq!(modules(link).unwrap(), 29 + 8);
        let picture = picture(link, NonZeroU32::new(2).unwrap()).unwrap();
        let pixels = picture.to_rgb8().unwrap();
        assert_eq!((pixels.width(), pixels.height()), (74, 74));
        let at = |x: usize, y: usize| pixels.as_slice()[y * 74 + x];
        for along in 0..74 {
            for depth in (0..8).chain(66..74) {
                assert_eq!(at(along, depth), PAPER);
                assert_eq!(at(depth, along), PAPER);
            }
        }
        assert_eq!(at(8, 8), INK, "the corner of the first finder pattern");
        assert_eq!(at(65, 8), INK, "the corner of the second");
    }

    #[test]
    fn a_link_no_code_can_hold_is_refused() {
        assert_eq!(modules(&"x".repeat(3_000)), Err(LinkTooLong { bytes: 3_000 }));
    }

    #[test]
    fn a_link_reads_without_its_scheme() {
        assert_eq!(readable("https://www.bluezone.gov.vn"), "bluezone.gov.vn");
        assert_eq!(readable("http://example.org/app/"), "example.org/app");
        assert_eq!(readable("bluezone.gov.vn"), "bluezone.gov.vn");
    }
}
