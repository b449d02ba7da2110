//! BlueZ's signals on D-Bus, for a kiosk without `CAP_NET_RAW`: each report that bluetoothd has
//! seen comes as a change of a property, without a question in between. From them the advert is put
//! together again, as far as BlueZ tells it: one record for each maker and service, the UUIDs, the name.
//!
//! What the kiosk has no room for is dropped and counted; nothing waits. What got lost on the way
//! here is the business of [`super::missed`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dbus::Message;
use dbus::arg::{PropMap, RefArg, prop_cast};
use dbus::message::MatchRule;
use dbus::nonblock::{MsgMatch, Proxy, SyncConnection};
use foldhash::fast::RandomState;
use tokio::sync::mpsc;

use crate::domain::advert::{Address, AdvertData, Advertisement, Dbm, ad_type, uuid};
use crate::domain::policy::TRACKED_MAX;

/// Adverts that may wait for the loop: a second of what a controller reports at the most.
pub const WAITING_MAX: usize = 1_000;

const BLUEZ: &str = "org.bluez";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const OBJECTS: &str = "org.freedesktop.DBus.ObjectManager";
const REMOTE: &str = "org.bluez.Device1";

/// Where adverts go.
#[derive(Clone, Debug)]
pub struct Outlet {
    adverts: mpsc::Sender<Advertisement>,
    counts: Arc<Counts>,
}

/// What has come, since the start.
#[derive(Debug, Default)]
pub struct Counts {
    told: AtomicU64,
    dropped: AtomicU64,
}

impl Counts {
    /// Adverts that BlueZ has told of.
    #[must_use]
    pub fn told(&self) -> u64 {
        self.told.load(Ordering::Relaxed)
    }

    /// Those of them that found no room.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

impl Outlet {
    /// An outlet with its other end and its counters.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Advertisement>, Arc<Counts>) {
        let (adverts, waiting) = mpsc::channel(WAITING_MAX);
        let counts = Arc::<Counts>::default();
        (Self { adverts, counts: Arc::clone(&counts) }, waiting, counts)
    }

    fn hand_over(&self, advert: &Advertisement) {
        self.counts.told.fetch_add(1, Ordering::Relaxed);
        if self.adverts.try_send(*advert).is_err() {
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Signals that are being listened to. Dropping it ends that.
pub struct Listening {
    matches: Vec<MsgMatch>,
}

impl std::fmt::Debug for Listening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Listening({} kinds of signals)", self.matches.len())
    }
}

/// Lets every signal of a phone near `adapter` go to `outlet`.
///
/// # Errors
///
/// When the bus refuses, or BlueZ does not answer.
pub async fn listen(
    connection: Arc<SyncConnection>,
    adapter: &str,
    outlet: Outlet,
) -> Result<Listening, dbus::Error> {
    let below = format!("/org/bluez/{adapter}");
    let near = Arc::new(Mutex::new(Near::new(outlet)));
    let mut matches = Vec::new();
    for (interface, member) in [
        (PROPERTIES, "PropertiesChanged"),
        (OBJECTS, "InterfacesAdded"),
        (OBJECTS, "InterfacesRemoved"),
    ] {
        let mut rule = MatchRule::new_signal(interface, member).with_sender(BLUEZ);
        if interface == PROPERTIES {
            rule = rule.with_namespaced_path(below.clone());
        }
        let near = Arc::clone(&near);
        matches.push(connection.add_match(rule).await?.msg_cb(move |message| {
            lock(&near).handle(&message);
            true
        }));
    }
    let root = Proxy::new(BLUEZ, "/", Duration::from_secs(10), connection);
    let (known,): (HashMap<dbus::Path<'static>, HashMap<String, PropMap>>,) =
        root.method_call(OBJECTS, "GetManagedObjects", ()).await?;
    for (path, interfaces) in known {
        if let Some(properties) = interfaces.get(REMOTE) {
            lock(&near).learn(&path, properties);
        }
    }
    Ok(Listening { matches })
}

/// What a signal left half done when it panicked is put right by the next.
fn lock(near: &Mutex<Near>) -> MutexGuard<'_, Near> {
    near.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The phones BlueZ has told of, with what it said last. BlueZ forgets a phone after half a minute,
/// and says so; in a flood those that were silent longest are forgotten before.
struct Near {
    outlet: Outlet,
    known: Known,
    /// Those that were known when there were too many, and have been silent since.
    older: Known,
}

type Known = HashMap<String, Phone, RandomState>;

/// Phones in each of the two.
const KNOWN_MAX: usize = TRACKED_MAX / 2;

#[derive(Clone, Debug, Default)]
struct Phone {
    random: bool,
    uuids: Vec<u8>,
    services: Vec<u8>,
    makers: Vec<u8>,
    name: Vec<u8>,
}

impl Near {
    fn new(outlet: Outlet) -> Self {
        Self { outlet, known: HashMap::default(), older: HashMap::default() }
    }

    fn handle(&mut self, message: &Message) {
        match message.member().as_deref() {
            Some("PropertiesChanged") => {
                let (Some(path), Ok((interface, changed))) =
                    (message.path(), message.read2::<&str, PropMap>())
                else {
                    return;
                };
                if interface == REMOTE {
                    self.hear(&path, &changed);
                }
            }
            Some("InterfacesAdded") => {
                let Ok((path, interfaces)) =
                    message.read2::<dbus::Path<'_>, HashMap<String, PropMap>>()
                else {
                    return;
                };
                if let Some(properties) = interfaces.get(REMOTE) {
                    self.hear(&path, properties);
                }
            }
            Some("InterfacesRemoved") => {
                if let Ok((path, gone)) = message.read2::<dbus::Path<'_>, Vec<&str>>()
                    && gone.contains(&REMOTE)
                {
                    self.known.remove(&*path);
                    self.older.remove(&*path);
                }
            }
            _ => {}
        }
    }

    /// Takes in what has changed of a phone. Heard is one with a level; the rest is memory.
    fn hear(&mut self, path: &str, changed: &PropMap) {
        let Some(bytes) = address_of(path) else { return };
        self.learn(path, changed);
        let Some(&level) = prop_cast::<i16>(changed, "RSSI") else { return };
        let Some(phone) = self.known.get(path) else { return };
        let mut data = AdvertData::EMPTY;
        for part in [&phone.uuids, &phone.services, &phone.makers, &phone.name] {
            data.extend(part);
        }
        self.outlet.hand_over(&Advertisement {
            address: Address { bytes, random: phone.random },
            rssi: i8::try_from(level).ok().and_then(Dbm::received),
            // BlueZ does not say; whoever tries to connect finds out.
            connectable: true,
            data,
        });
    }

    /// Lets the phone be among the known ones.
    fn make_room(&mut self, path: &str) {
        if self.known.contains_key(path) {
            return;
        }
        let known = self.older.remove(path);
        if self.known.len() >= KNOWN_MAX {
            self.older.clear();
            std::mem::swap(&mut self.known, &mut self.older);
        }
        let phone = known.unwrap_or_else(|| Phone { random: true, ..Phone::default() });
        self.known.insert(path.to_owned(), phone);
    }

    fn learn(&mut self, path: &str, changed: &PropMap) {
        self.make_room(path);
        let Some(phone) = self.known.get_mut(path) else { return };
        if let Some(kind) = prop_cast::<String>(changed, "AddressType") {
            phone.random = kind != "public";
        }
        if let Some(uuids) = prop_cast::<Vec<String>>(changed, "UUIDs") {
            phone.uuids.clear();
            for uuid in uuids.iter().filter_map(|uuid| Uuid::parse(uuid)) {
                uuid.list(&mut phone.uuids);
            }
        }
        if let Some(services) = changed.get("ServiceData") {
            phone.services.clear();
            entries(&services.0, |uuid, data| {
                if let Some(uuid) = uuid.as_str().and_then(Uuid::parse) {
                    uuid.data(data, &mut phone.services);
                }
            });
        }
        if let Some(makers) = changed.get("ManufacturerData") {
            phone.makers.clear();
            entries(&makers.0, |maker, data| {
                if let Some(maker) = maker.as_u64().and_then(|maker| u16::try_from(maker).ok()) {
                    let kind = ad_type::MANUFACTURER;
                    structure(kind, &[&maker.to_le_bytes(), data], &mut phone.makers);
                }
            });
        }
        if let Some(name) = prop_cast::<String>(changed, "Name") {
            phone.name.clear();
            structure(ad_type::NAME, &[name.as_bytes()], &mut phone.name);
        }
    }
}

/// Calls `each` with the keys and bytes of a dictionary `a{?v}` whose values hold bytes.
fn entries(dictionary: &dyn RefArg, mut each: impl FnMut(&dyn RefArg, &[u8])) {
    let Some(mut inner) = dictionary.as_iter() else { return };
    while let (Some(key), Some(value)) = (inner.next(), inner.next()) {
        // The value is a variant with the bytes in it.
        let Some(bytes) = value.as_iter().and_then(|mut variant| variant.next()) else { continue };
        let bytes = bytes.as_iter().into_iter().flatten().filter_map(RefArg::as_u64);
        let bytes: Vec<u8> = bytes.filter_map(|byte| u8::try_from(byte).ok()).collect();
        each(key, &bytes);
    }
}

/// From a path such as `/org/bluez/hci0/dev_11_22_33_44_55_66`.
fn address_of(path: &str) -> Option<[u8; 6]> {
    let (_, text) = path.rsplit_once("/dev_")?;
    let mut bytes = [0; 6];
    let mut parts = text.split('_');
    for byte in &mut bytes {
        *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
    }
    parts.next().is_none().then_some(bytes)
}

/// Service data under a 128-bit UUID.
const SERVICE_DATA128: u8 = 0x21;

/// A UUID as the air has it, least significant byte first.
enum Uuid {
    Short([u8; 2]),
    Long([u8; 16]),
}

impl Uuid {
    fn parse(text: &str) -> Option<Self> {
        let digits: String = text.split('-').collect();
        let number = u128::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 32)?;
        Some(uuid::short(number).map_or_else(
            || Self::Long(number.to_le_bytes()),
            |short| Self::Short(short.to_le_bytes()),
        ))
    }

    fn list(&self, to: &mut Vec<u8>) {
        match self {
            Self::Short(uuid) => structure(ad_type::UUID16_ALL, &[uuid], to),
            Self::Long(uuid) => structure(ad_type::UUID128_ALL, &[uuid], to),
        }
    }

    fn data(&self, data: &[u8], to: &mut Vec<u8>) {
        match self {
            Self::Short(uuid) => structure(ad_type::SERVICE_DATA16, &[uuid, data], to),
            Self::Long(uuid) => structure(SERVICE_DATA128, &[uuid, data], to),
        }
    }
}

/// Appends an AD structure, unless it is longer than its length byte can say.
fn structure(kind: u8, parts: &[&[u8]], to: &mut Vec<u8>) {
    let len = 1 + parts.iter().map(|part| part.len()).sum::<usize>();
    if let Ok(len) = u8::try_from(len) {
        to.extend([len, kind]);
        for part in parts {
            to.extend_from_slice(part);
        }
    }
}

#[cfg(test)]
mod tests;
