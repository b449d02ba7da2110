//! The numbers of the shipped rule: data, nothing else.

use super::rule::{Curve, Rule, Scorecard};
use crate::domain::policy;

/// The rule the kiosk goes by.
pub(super) const SHIPPED: Rule = Rule {
    listening: Scorecard {
        base: -9.0,
        level: Curve([(-14.0, 0.0), (-4.0, 1.0), (4.0, 2.0), (12.0, 3.0), (20.0, 4.0), (28.0, 5.0)]),
        rise: Curve([(-4.0, 0.0), (4.0, 0.5), (8.0, 1.0), (12.0, 2.0), (16.0, 3.0), (24.0, 4.0)]),
        step: Curve([(-4.0, 0.0), (2.0, 0.5), (6.0, 1.0), (10.0, 1.5), (14.0, 2.0), (20.0, 3.0)]),
        sightings: Curve([(1.0, 0.0), (2.0, 0.0), (4.0, 0.0), (6.0, 0.0), (9.0, 0.0), (12.0, 0.0)]),
        new: -1.0,
        threshold: 2.0,
    },
    tap: Scorecard {
        base: -9.0,
        level: Curve([(-14.0, 0.0), (-4.0, 1.0), (4.0, 2.0), (12.0, 3.0), (20.0, 4.0), (28.0, 5.0)]),
        rise: Curve([(-4.0, 0.0), (4.0, 0.5), (8.0, 1.0), (12.0, 2.0), (16.0, 3.0), (24.0, 4.0)]),
        step: Curve([(-4.0, 0.0), (2.0, 0.5), (6.0, 1.0), (10.0, 1.5), (14.0, 2.0), (20.0, 3.0)]),
        sightings: Curve([(1.0, 0.0), (2.0, 0.0), (4.0, 0.0), (6.0, 0.0), (9.0, 0.0), (12.0, 0.0)]),
        new: -1.0,
        threshold: 3.0,
    },
    haste: 1.0,
    listens_for: policy::PASSIVE_FOR,
};
