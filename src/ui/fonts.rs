//! The letters: Be Vietnam Pro for Latin, Noto Sans Lao for Lao, both under the SIL Open Font
//! License (texts beside the files in `ui/fonts/`), both inside the binary.
//!
//! Nothing is read from the system: Lao through a system's fallback font has colliding tone
//! marks, and a machine without fonts would show nothing.

use std::sync::Arc;

use slint::fontique_011::fontique::{Blob, GenericFamily};

/// Latin first: what it lacks is looked up in the next.
const FONTS: [&[u8]; 7] = [
    include_bytes!("../../ui/fonts/BeVietnamPro-Regular.ttf"),
    include_bytes!("../../ui/fonts/BeVietnamPro-SemiBold.ttf"),
    include_bytes!("../../ui/fonts/BeVietnamPro-Bold.ttf"),
    include_bytes!("../../ui/fonts/BeVietnamPro-ExtraBold.ttf"),
    include_bytes!("../../ui/fonts/NotoSansLao-Regular.ttf"),
    include_bytes!("../../ui/fonts/NotoSansLao-SemiBold.ttf"),
    include_bytes!("../../ui/fonts/NotoSansLao-Bold.ttf"),
];

/// Slint asks for one of these when a text names no family, and for fallbacks.
const GENERICS: [GenericFamily; 3] =
    [GenericFamily::SansSerif, GenericFamily::SystemUi, GenericFamily::UiSansSerif];

/// Makes the embedded fonts the generic families of this thread's Slint platform. Call it when
/// the platform is there (after the first component was made) and before anything is drawn.
pub(super) fn register() {
    let mut collection = slint::fontique_011::shared_collection();
    let mut families = Vec::new();
    for font in FONTS {
        for (family, _) in collection.register_fonts(Blob::new(Arc::new(font)), None) {
            if !families.contains(&family) {
                families.push(family);
            }
        }
    }
    for generic in GENERICS {
        collection.set_generic_families(generic, families.iter().copied());
    }
}
