//! What `kiosk check` says of the adapter that phones are read with, where the settings name one of its
//! own.

use super::Finding;
use crate::config::Config;
use crate::radio::adapters;
use crate::radio::mgmt;

/// Whether that adapter can be used; `None` where nobody wants one.
pub(super) fn look(config: &Config) -> Option<bool> {
    let name = config.reading_adapter()?;
    let number = name.strip_prefix("hci").and_then(|number| number.parse().ok());
    let settings = mgmt::settings(number.unwrap_or_default()).ok().flatten();
    Some(settings.is_some_and(mgmt::Settings::has_le) && !adapters::is_switched_off(name))
}

/// A line where one is wanted.
pub(super) fn finding(config: &Config, is_there: Option<bool>) -> Option<Finding> {
    let (listens, reads) = (config.adapter(), config.reading_adapter()?);
    Some(if is_there? {
        Finding::ok("reads", format!("with {reads}, while {listens} listens"))
    } else {
        Finding::note(
            "reads",
            format!(
                "with {listens}, which does not listen meanwhile, because {reads} cannot be used: plug \
                 it in, `rfkill unblock bluetooth`, or take reading_adapter out of [radio]"
            ),
        )
    })
}
