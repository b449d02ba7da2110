//! Stories of the reception.
