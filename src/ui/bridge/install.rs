//! The screen with the codes to be scanned.

use super::super::{generated as glass, qr};
use super::show::int;
use crate::domain::site::PhoneMake;
use crate::view::{InstallView, Scheme};

pub(super) fn install(adapter: &glass::InstallAdapter<'_>, install: &InstallView) -> glass::Stage {
    let is_install_code = install.shown.is_none();
    adapter.set_by_make(install.by_make);
    adapter.set_is_android(is_install_code && install.make == Some(PhoneMake::Android));
    adapter.set_is_iphone(is_install_code && install.make == Some(PhoneMake::Iphone));
    adapter.set_has_corona_warn(install.venues.contains(&Scheme::CoronaWarnApp));
    adapter.set_has_crowd_notifier(install.venues.contains(&Scheme::CrowdNotifier));
    adapter.set_shown(match install.shown {
        None => glass::CodeFor::Install,
        Some(Scheme::CoronaWarnApp) => glass::CodeFor::CoronaWarn,
        Some(Scheme::CrowdNotifier) => glass::CodeFor::CrowdNotifier,
    });
    adapter.set_daily(install.daily);
    let link = install.link.as_str();
    if adapter.get_encoded() != link {
        // A link too long for a code can still be read; the configuration refuses it.
        adapter.set_modules(qr::modules(link).map_or(1, int));
        adapter.set_encoded(link.into());
    }
    // Nobody could read the link of a venue out.
    let caption = if is_install_code { qr::readable(link) } else { install.place.as_str() };
    adapter.set_caption(caption.into());
    glass::Stage::Install
}
