//! The codes to be scanned: that of the app's installation, and those that an app for venues reads.

use super::step::Step;
use super::{Desk, Wish};
use crate::domain::site::{PhoneMake, Site};
use crate::domain::touch::Touch;
use crate::domain::venue::door::Scheme;

impl Desk {
    /// The make of phone the install code is shown for, where somebody said.
    #[must_use]
    pub const fn install_for(&self) -> Option<PhoneMake> {
        self.install_for
    }

    /// Whose code is shown in the place of the install code.
    #[must_use]
    pub const fn venue_code(&self) -> Option<Scheme> {
        self.venue_code
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "touches not of this screen are ignored")]
    pub(super) fn at_install(&mut self, from: Step, touch: Touch, site: &Site) -> Option<Wish> {
        match touch {
            Touch::NoPhone => {
                self.form.no_phone = true;
                self.leave_install(from);
                return None;
            }
            Touch::Later | Touch::Next | Touch::Back => {
                self.leave_install(from);
                return None;
            }
            Touch::InstallFor(make) => {
                self.install_for = Some(make);
                self.venue_code = None;
            }
            Touch::ShowInstall => self.venue_code = None,
            Touch::VenueCode(scheme) if site.venue.schemes().any(|shown| shown == scheme) => {
                self.venue_code = Some(scheme);
            }
            _ => {}
        }
        self.step = Step::Install(Box::new(from));
        None
    }

    /// Whoever comes back wants the app.
    fn leave_install(&mut self, to: Step) {
        self.venue_code = None;
        self.step = to;
    }
}
