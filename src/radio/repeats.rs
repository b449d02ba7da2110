//! Has the controller report every advert, and not the first of each phone in ten seconds: for as long as
//! an advertisement monitor of BlueZ's is held, the kernel asks for that. The monitor itself is for a
//! maker number that nobody may use on the air, and tells nobody.

use std::time::Duration;

use bluer::Adapter;
use bluer::monitor::{Monitor, MonitorHandle, MonitorManager, Pattern, RssiSamplingPeriod, Type};
use futures_util::StreamExt;
use tokio::time::Instant;

use super::patience::answer;

/// So long after it was refused it is asked for again. A controller that was slow once is not for ever.
const AGAIN_AFTER: Duration = Duration::from_mins(1);

/// The monitor that is held. Dropping it gives it back.
pub(super) struct Repeats {
    held: Option<(MonitorManager, MonitorHandle)>,
    asked: Instant,
}

impl Repeats {
    /// Asks for a monitor.
    pub(super) async fn of(adapter: &Adapter) -> Self {
        Self { held: answer(register(adapter)).await, asked: Instant::now() }
    }

    /// Whether one is held.
    pub(super) const fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// Asks again, where none is held and the last time was a while ago.
    pub(super) async fn look(&mut self, adapter: &Adapter) {
        if !self.is_held() && self.asked.elapsed() >= AGAIN_AFTER {
            *self = Self::of(adapter).await;
        }
    }

    /// The next thing the monitor says, which is nothing but its end; never without one.
    pub(super) async fn next(&mut self) -> Option<()> {
        match &mut self.held {
            Some((_, handle)) => handle.next().await.map(|_| ()),
            None => std::future::pending().await,
        }
    }
}

async fn register(adapter: &Adapter) -> bluer::Result<(MonitorManager, MonitorHandle)> {
    let manager = adapter.monitor().await?;
    let monitor = Monitor {
        monitor_type: Type::OrPatterns,
        rssi_sampling_period: Some(RssiSamplingPeriod::First),
        patterns: Some(vec![Pattern::new(0xFF, 0, &[0xFF, 0xFF, 0, 0])]),
        ..Monitor::default()
    };
    let handle = manager.register(monitor).await?;
    Ok((manager, handle))
}
