//! BlueZ's search for phones, which keeps the controller scanning actively. What is found is heard
//! over the monitor channel, or told by BlueZ's signals ([`super::signals`]); nothing is heard here.
//!
//! It has a connection to the bus, on which nobody tells it anything that it has not asked for. The
//! search ends with the connection.

use std::sync::Arc;
use std::time::Duration;

use dbus::arg::{PropMap, RefArg, Variant};
use dbus::nonblock::{Proxy, SyncConnection};

const BLUEZ: &str = "org.bluez";
const ADAPTER: &str = "org.bluez.Adapter1";
/// Starting to scan is a command to the controller; stopping another.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Whom BlueZ is to tell of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tell {
    /// Of everybody, each time: where its signals are listened to.
    Everybody,
    /// Of nobody: it then takes in what the kernel has heard and is done with it. Otherwise it makes
    /// an object for each phone and a signal of each advert, most of what the kiosk costs
    /// (`docs/adr/0012-reading-over-a-socket-of-our-own.md`).
    Nobody,
}

/// What a phone's name or address would have to begin with to be told of: no address does, and a
/// phone that had such a name would only be told of.
const NO_NAME: &str = "nobody's name or address";

/// A search that is going on.
pub struct Discovery {
    adapter: Proxy<'static, Arc<SyncConnection>>,
}

impl std::fmt::Debug for Discovery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Discovery({})", self.adapter.path)
    }
}

impl Discovery {
    /// Begins to search, actively and for Bluetooth LE alone, with an adapter such as `hci0`.
    ///
    /// # Errors
    ///
    /// When BlueZ refuses or does not answer.
    pub async fn begin(
        connection: Arc<SyncConnection>,
        adapter: &str,
        tell: Tell,
    ) -> Result<Self, dbus::Error> {
        let path = format!("/org/bluez/{adapter}");
        let discovery = Self { adapter: Proxy::new(BLUEZ, path, ANSWER_WITHIN, connection) };
        // Nothing that is true or false is set: on some 32-bit machines bluetoothd cannot read it.
        let text = |text: &str| Variant::<Box<dyn RefArg>>(Box::new(text.to_owned()));
        let mut filter = PropMap::from([("Transport".to_owned(), text("le"))]);
        if tell == Tell::Nobody {
            filter.insert("Pattern".to_owned(), text(NO_NAME));
        }
        discovery.call("SetDiscoveryFilter", (filter,)).await?;
        discovery.call("StartDiscovery", ()).await?;
        Ok(discovery)
    }

    /// Ends the search and begins it anew.
    ///
    /// # Errors
    ///
    /// When BlueZ refuses or does not answer.
    pub async fn restart(&self) -> Result<(), dbus::Error> {
        // A search that has ended by itself cannot be stopped.
        drop(self.call("StopDiscovery", ()).await);
        self.call("StartDiscovery", ()).await
    }

    async fn call<A: dbus::arg::AppendAll>(
        &self,
        method: &str,
        with: A,
    ) -> Result<(), dbus::Error> {
        self.adapter.method_call(ADAPTER, method, with).await
    }
}
