//! One reading of a phone's id: connect, find the characteristic, read it, let the phone go.
//!
//! It asks for no pairing and registers no agent; BlueZ itself may ask, once, a phone that demands
//! encryption. A phone that asks for pairing is let go. BlueZ
//! writes down whom it was connected to; that is removed again with the device, so that no address
//! stays behind.

use std::time::Duration;

use bluer::Adapter;
use btleplug::api::{BDAddr, Central, Characteristic, Peripheral as _};
use btleplug::platform::{self, Peripheral};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::domain::advert::Address;
use crate::domain::asking::{Outcome, Question, Value};
use crate::domain::network::Network;
use crate::domain::network::gatt::{GattId, VALUE_BYTES_MAX};

/// A phone is let go within this time, or BlueZ is left to do it.
const LET_GO_WITHIN: Duration = Duration::from_secs(2);

/// What BlueZ calls its errors when a phone was reached and will not hand a value out
/// (`create_gatt_dbus_error` in BlueZ's `src/gatt-client.c`); the last is any other answer of the
/// phone's that is an error.
const REFUSALS: [&str; 4] = ["NotPermitted", "NotAuthorized", "NotSupported", "ATT error"];

/// A reading under way. It goes on by itself.
#[derive(Debug)]
pub struct Attempt {
    address: Address,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Outcome>,
}

impl Attempt {
    /// Begins a reading in the tokio runtime that it is called in.
    #[must_use]
    pub fn begin(central: platform::Adapter, adapter: Adapter, question: Question) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(attempt(central, adapter, question, stopped));
        Self { address: question.address, stop: Some(stop), task }
    }

    /// Ends it; [`Self::ended`] then comes soon.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            stop.send(()).ok();
        }
    }

    /// Waits for the end: who was asked, and what came of it. It may be dropped at any time.
    pub async fn ended(&mut self) -> (Address, Outcome) {
        (self.address, (&mut self.task).await.unwrap_or(Outcome::Busy))
    }
}

async fn attempt(
    central: platform::Adapter,
    adapter: Adapter,
    question: Question,
    stopped: oneshot::Receiver<()>,
) -> Outcome {
    let Question { address, network, within, .. } = question;
    let mut phone = None;
    let outcome = tokio::select! {
        outcome = timeout(within, async {
            let found = phone.insert(find(&central, address).await?);
            Some(read(found, network).await)
        }) => outcome.ok().flatten().unwrap_or(Outcome::TimedOut),
        // Told so, or nobody waits for the answer any more.
        _ = stopped => Outcome::Stopped,
    };
    if let Some(phone) = phone {
        let let_go = async {
            drop(phone.disconnect().await);
            drop(adapter.remove_device(bluer::Address::new(address.bytes)).await);
        };
        drop(timeout(LET_GO_WITHIN, let_go).await);
    }
    outcome
}

/// BlueZ knows a phone for half a minute after its last advert.
async fn find(central: &platform::Adapter, address: Address) -> Option<Peripheral> {
    let sought = BDAddr::from(address.bytes);
    let known = central.peripherals().await.ok()?;
    known.into_iter().find(|phone| phone.address() == sought)
}

async fn read(phone: &Peripheral, network: Network) -> Outcome {
    // It returns when BlueZ has discovered the services as well.
    if phone.connect().await.is_err() || phone.discover_services().await.is_err() {
        return Outcome::TimedOut;
    }
    let offered: Vec<Characteristic> =
        phone.services().into_iter().flat_map(|service| service.characteristics).collect();
    if offered.is_empty() {
        // Every phone has some: the connection was lost before they were told.
        return Outcome::TimedOut;
    }
    let Some(characteristic) = network.reads().iter().find_map(|gatt| find_in(&offered, gatt))
    else {
        return Outcome::NoService;
    };
    match phone.read(characteristic).await {
        Ok(bytes) if bytes.len() <= VALUE_BYTES_MAX => Outcome::Value(Value(bytes)),
        Ok(_) => Outcome::Refused,
        Err(error) if is_refusal(&error) => Outcome::Refused,
        Err(_) => Outcome::TimedOut,
    }
}

fn find_in<'a>(offered: &'a [Characteristic], gatt: &GattId) -> Option<&'a Characteristic> {
    offered.iter().find(|each| {
        (each.service_uuid.as_u128(), each.uuid.as_u128()) == (gatt.service, gatt.characteristic)
    })
}

/// The name of BlueZ's error is in nothing but its debug form.
fn is_refusal(error: &btleplug::Error) -> bool {
    let shown = format!("{error:?}");
    REFUSALS.iter().any(|refusal| shown.contains(refusal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, message: &str) -> btleplug::Error {
        btleplug::Error::Other(Box::new(dbus::Error::new_custom(name, message)))
    }

    #[test]
    fn what_counts_as_refused() {
        for (name, message, refused) in [
            ("org.bluez.Error.NotPermitted", "Not paired", true),
            ("org.bluez.Error.NotAuthorized", "Insufficient authorization", true),
            ("org.bluez.Error.Failed", "Operation failed with ATT error: 0x0e", true),
            ("org.bluez.Error.Failed", "Not connected", false),
            ("org.freedesktop.DBus.Error.NoReply", "Message did not receive a reply", false),
            ("org.bluez.Error.InProgress", "In Progress", false),
        ] {
            assert_eq!(is_refusal(&said(name, message)), refused, "{name}: {message}");
        }
        assert!(!is_refusal(&btleplug::Error::NotConnected));
    }
}
