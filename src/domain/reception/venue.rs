//! The codes of the door that apps for venues read: what they are made of comes from the book.

use super::Reception;
use crate::domain::venue::door::VenueSecret;

impl Reception {
    /// The secret of the codes as the book has it.
    pub const fn set_venue_secret(&mut self, secret: VenueSecret) {
        self.site.venue.secret = Some(secret);
        self.changed = true;
    }
}
