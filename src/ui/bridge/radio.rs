//! The screens of the radio: from their views to the glass, and the path of a plotted line.

use std::fmt::Write;

use slint::{ComponentHandle, Model, ModelRc, SharedString};

use super::super::generated as glass;
use super::show::{changed, int, organ, trouble};
use crate::domain::airwaves::Source;
use crate::domain::fault::{Organ, Trouble};
use crate::domain::network::Network;
use crate::domain::presence::NetworkCount;
use crate::view::{ChecksView, HeldFor, HeldStage, HeldView, NotLearned, RadioView};

/// The levels between which the box of the plot is drawn, in dBm: as in `radio-plot.slint`.
const TOP_DBM: f32 = -20.0;
const BOTTOM_DBM: f32 = -105.0;

pub(super) fn radio(app: &glass::App, radio: &RadioView) -> glass::Stage {
    let adapter = app.global::<glass::RadioAdapter<'_>>();
    adapter.set_administrator(radio.administrator);
    adapter.set_source(source(radio.source));
    adapter.set_unwell(radio.trouble.is_some());
    adapter.set_no_levels(radio.trouble == Some(Trouble::NoLevels));
    adapter.set_adverts_per_second(int(radio.adverts_per_second));
    adapter.set_phones(int(radio.phones));
    if let Some(first) = radio.networks.first() {
        adapter.set_network(title(first.network).into());
        adapter.set_of_network(int(first.ids.saturating_add(first.candidates)));
    }
    adapter.set_at_the_desk(int(radio.at_the_desk));
    let day = radio.calibrated.as_ref().map(|calibrated| calibrated.day.as_str());
    adapter.set_calibrated_on(day.unwrap_or_default().into());
    let plot = app.global::<glass::PlotAdapter<'_>>();
    if let Some(levels) = changed(&plot.get_nearest(), &radio.nearest_dbm, |&dbm| level(dbm)) {
        plot.set_nearest(levels);
    }
    if let Some(levels) = changed(&plot.get_second(), &radio.second_dbm, |&dbm| level(dbm)) {
        plot.set_second(levels);
    }
    plot.set_near(radio.near_dbm.into());
    glass::Stage::Radio
}

pub(super) fn held(adapter: &glass::HeldAdapter<'_>, held: &HeldView) -> glass::Stage {
    adapter.set_calibrating(held.purpose == HeldFor::Calibration);
    adapter.set_stage(match held.stage {
        HeldStage::HoldToMark => glass::HeldStage::Hold,
        HeldStage::StepBack => glass::HeldStage::StepBack,
        HeldStage::HoldAway => glass::HeldStage::HoldAway,
        HeldStage::Writing => glass::HeldStage::Writing,
        HeldStage::Learned(_) => glass::HeldStage::Learned,
        HeldStage::Ignored => glass::HeldStage::Ignored,
        HeldStage::NobodyNear => glass::HeldStage::NobodyNear,
        HeldStage::NotLearned(NotLearned::TooFew) => glass::HeldStage::TooFew,
        HeldStage::NotLearned(NotLearned::TooClose) => glass::HeldStage::TooClose,
        HeldStage::NotLearned(NotLearned::TooNoisy) => glass::HeldStage::TooNoisy,
        HeldStage::NotLearned(NotLearned::TooFar) => glass::HeldStage::TooFar,
        HeldStage::NotWritten => glass::HeldStage::NotWritten,
    });
    if let HeldStage::Learned(levels) = held.stage {
        adapter.set_at_the_mark(levels.mark_dbm.into());
        adapter.set_at_two_metres(levels.two_metres_dbm.into());
    }
    adapter.set_level(level(held.level_dbm));
    adapter.set_percent(held.percent.into());
    adapter.set_seconds_left(int(held.seconds_left));
    glass::Stage::Held
}

pub(super) fn checks(adapter: &glass::ChecksAdapter<'_>, checks: &ChecksView) -> glass::Stage {
    let state = |&(which, wrong): &(Organ, Option<Trouble>)| glass::OrganState {
        organ: organ(which),
        well: wrong.is_none(),
        trouble: wrong.map_or(glass::Trouble::Gone, trouble),
    };
    if let Some(organs) = changed(&adapter.get_organs(), &checks.organs, state) {
        adapter.set_organs(organs);
    }
    adapter.set_source(source(checks.source));
    adapter.set_adverts_per_second(int(checks.adverts_per_second));
    adapter.set_unsent(checks.unsent.map_or("", title).into());
    let count = |count: &NetworkCount| glass::NetworkCount {
        name: title(count.network).into(),
        ids: int(count.ids),
        candidates: int(count.candidates),
    };
    if let Some(networks) = changed(&adapter.get_networks(), &checks.networks, count) {
        adapter.set_networks(networks);
    }
    glass::Stage::Checks
}

/// The path of a line through `levels`, in a box of so many pixels; it breaks where nothing was
/// heard, and a second with silence on both sides is a dot.
pub(super) fn trace(levels: &ModelRc<i32>, width: f32, height: f32) -> SharedString {
    let steps = u16::try_from(levels.row_count().saturating_sub(1).max(1)).unwrap_or(u16::MAX);
    let mut path = String::new();
    let mut draws = false;
    for (place, level) in (0_u16..).zip(levels.iter()) {
        if level == 0 {
            draws = false;
            continue;
        }
        let level = f32::from(i16::try_from(level).unwrap_or(i16::MIN));
        let x = width * f32::from(place) / f32::from(steps);
        let y = height * ((TOP_DBM - level) / (TOP_DBM - BOTTOM_DBM)).clamp(0.0, 1.0);
        let verb = if draws { "L" } else { "M" };
        let next = levels.row_data(usize::from(place) + 1).unwrap_or_default();
        // Writing into a string does not fail.
        let _written = write!(path, "{verb} {x:.1} {y:.1} ");
        if !draws && next == 0 {
            let _written = write!(path, "L {:.1} {y:.1} ", x + 0.1);
        }
        draws = true;
    }
    path.into()
}

/// No phone is heard at 0 dBm, so that stands for silence.
fn level(dbm: Option<i16>) -> i32 {
    dbm.map_or(0, |dbm| i32::from(dbm.min(-1)))
}

fn source(source: Source) -> glass::Source {
    match source {
        Source::Nothing => glass::Source::Nothing,
        Source::Simulated => glass::Source::Simulated,
        Source::Capture => glass::Source::Capture,
        Source::Monitor => glass::Source::Monitor,
        Source::Bus => glass::Source::Bus,
    }
}

/// What people call a network, in every language.
pub(super) const fn title(network: Network) -> &'static str {
    match network {
        Network::Bluezone => "Bluezone",
        Network::Gaen => "Exposure Notification",
        Network::Dp3t => "DP-3T",
        Network::Robert => "TousAntiCovid",
        Network::Token => "TraceTogether Token",
        Network::Sonar => "NHS COVID-19",
        Network::Herald => "Herald",
        Network::BlueTrace => "BlueTrace",
    }
}

#[cfg(test)]
mod tests {
    use slint::VecModel;

    use super::*;

    #[test]
    fn a_line_breaks_where_nothing_was_heard() {
        let path = |levels: &[i32]| {
            trace(&ModelRc::new(VecModel::from(levels.to_vec())), 40.0, 85.0).to_string()
        };
        assert_eq!(path(&[-20, -30, 0, 0, -200]), "M 0.0 0.0 L 10.0 10.0 M 40.0 85.0 L 40.1 85.0 ");
        assert_eq!(path(&[0, 0]), "");
        assert_eq!(path(&[]), "");
    }
}
