//! Signals as bluetoothd sends them, put together with the library it is read with.

use dbus::Path;
use dbus::arg::Variant;

use super::*;

const ONE: &str = "/org/bluez/hci0/dev_4A_1B_2C_3D_4E_5F";

fn boxed<T: RefArg + 'static>(value: T) -> Variant<Box<dyn RefArg>> {
    Variant(Box::new(value))
}

fn service_data(uuid: &str, data: &[u8]) -> Variant<Box<dyn RefArg>> {
    boxed(HashMap::from([(uuid.to_owned(), Variant(data.to_vec()))]))
}

fn changed(path: &str, properties: PropMap) -> Message {
    let path = Path::new(path).unwrap();
    let message = Message::signal(&path, &PROPERTIES.into(), &"PropertiesChanged".into());
    message.append3(REMOTE, properties, Vec::<String>::new())
}

fn added(path: &str, properties: PropMap) -> Message {
    let root = Path::new("/").unwrap();
    let message = Message::signal(&root, &OBJECTS.into(), &"InterfacesAdded".into());
    message.append2(Path::new(path).unwrap(), HashMap::from([(REMOTE.to_owned(), properties)]))
}

fn near() -> (Near, mpsc::Receiver<Advertisement>, Arc<Counts>) {
    let (outlet, adverts, counts) = Outlet::new();
    (Near::new(outlet), adverts, counts)
}

fn gaen(level: i16) -> PropMap {
    let uuid = "0000fd6f-0000-1000-8000-00805f9b34fb".to_owned();
    PropMap::from([
        ("AddressType".to_owned(), boxed("random".to_owned())),
        ("RSSI".to_owned(), boxed(level)),
        ("UUIDs".to_owned(), boxed(vec![uuid.clone()])),
        ("ServiceData".to_owned(), service_data(&uuid, &[7; 20])),
    ])
}

#[test]
fn an_advert_is_put_together_again() {
    let (mut near, mut adverts, _) = near();
    near.handle(&added(ONE, gaen(-61)));
    let advert = adverts.try_recv().unwrap();
    assert_eq!(advert.address.bytes, [0x4A, 0x1B, 0x2C, 0x3D, 0x4E, 0x5F]);
    assert!(advert.address.random);
    assert_eq!(advert.rssi, Some(Dbm(-61)));
    let data: Vec<u8> = [&[3, 3, 0x6F, 0xFD][..], &[23, 0x16, 0x6F, 0xFD], &[7; 20]].concat();
    assert_eq!(advert.data.as_bytes(), data);

    // Later signals bring only what is new.
    near.handle(&changed(ONE, PropMap::from([("RSSI".to_owned(), boxed(-70_i16))])));
    let again = adverts.try_recv().unwrap();
    assert_eq!((again.rssi, again.data.as_bytes()), (Some(Dbm(-70)), data.as_slice()));
}

#[test]
fn an_iphone_is_put_together_again() {
    let (mut near, mut adverts, _) = near();
    let uuid = "00004e56-73f5-4bc4-a12f-17d1ad07a667".to_owned();
    let apple = HashMap::from([(0x004C_u16, Variant(vec![1_u8, 8]))]);
    near.handle(&added(
        ONE,
        PropMap::from([
            ("RSSI".to_owned(), boxed(-50_i16)),
            ("UUIDs".to_owned(), boxed(vec![uuid])),
            ("ManufacturerData".to_owned(), boxed(apple)),
            ("Name".to_owned(), boxed("BZ".to_owned())),
        ]),
    ));
    let advert = adverts.try_recv().unwrap();
    let mut structures = advert.structures().map(Result::unwrap);
    assert_eq!(structures.next().map(|s| (s.ad_type, s.payload[15])), Some((7, 0)));
    assert_eq!(structures.next().map(|s| s.payload.to_vec()), Some(vec![0x4C, 0, 1, 8]));
    assert_eq!(structures.next().map(|s| s.payload.to_vec()), Some(b"BZ".to_vec()));
}

#[test]
fn memory_is_no_hearing() {
    let (mut near, mut adverts, _) = near();
    let mut properties = gaen(-61);
    properties.remove("RSSI");
    near.handle(&added(ONE, properties));
    near.handle(&changed(ONE, PropMap::from([("Connected".to_owned(), boxed(true))])));
    assert!(adverts.try_recv().is_err());
    for no_level in [127_i16, 0, 400] {
        near.handle(&changed(ONE, PropMap::from([("RSSI".to_owned(), boxed(no_level))])));
        assert_eq!(adverts.try_recv().unwrap().rssi, None);
    }
    // What is not a phone's is not read.
    near.handle(&changed("/org/bluez/hci0", gaen(-61)));
    near.handle(&changed("/org/bluez/hci0/dev_1", gaen(-61)));
    assert!(adverts.try_recv().is_err());
}

#[test]
fn what_finds_no_room_is_counted() {
    let (mut near, _adverts, counts) = near();
    for _ in 0..WAITING_MAX + 5 {
        near.handle(&changed(ONE, gaen(-61)));
    }
    assert_eq!((counts.told(), counts.dropped()), (1_005, 5));
}

#[test]
fn a_flood_makes_those_forgotten_that_are_silent() {
    let (mut near, mut adverts, _) = near();
    near.handle(&added(ONE, gaen(-61)));
    let whole = adverts.try_recv().unwrap().data;
    for other in 0..3 * TRACKED_MAX {
        let path =
            format!("/org/bluez/hci0/dev_40_00_{:02X}_{:02X}_00_00", other >> 8, other & 0xFF);
        near.handle(&added(&path, gaen(-90)));
        adverts.try_recv().unwrap();
        assert!(near.known.len() + near.older.len() <= TRACKED_MAX);
        if other % 100 == 0 {
            near.handle(&changed(ONE, PropMap::from([("RSSI".to_owned(), boxed(-70_i16))])));
            assert_eq!(adverts.try_recv().unwrap().data.as_bytes(), whole.as_bytes());
        }
    }
    let silent = "/org/bluez/hci0/dev_40_00_00_00_00_00";
    assert!(!near.known.contains_key(silent) && !near.older.contains_key(silent));
}
