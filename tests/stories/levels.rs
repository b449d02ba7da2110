//! An adapter that hears phones and does not say how loud they are, from the bytes of its reports to
//! the bar: as captures played again, since no such adapter is at hand.

use kiosk::domain::advert::{Address, Dbm};
use kiosk::domain::fault::{Fault, Organ, Trouble};
use kiosk::domain::presence::Face;
use kiosk::domain::touch::Touch;
use kiosk::radio::btsnoop::{Datalink, Writer};
use kiosk::radio::ears::Ears;
use kiosk::radio::hci::{self, DataStatus, Form, Kind, NO_SET, Report};

use super::{Mono, Place, at, run_until, touch};

const LACKS: Fault = Fault { organ: Organ::Radio, trouble: Trouble::NoLevels };

/// Bluezone at the desk, ten times a second: what the adapter says of each in turn, `None` for 127.
/// For 20 s; then for 20 s it states levels.
fn ears(place: &Place, says: [Option<Dbm>; 2]) -> Ears {
    let mut data = vec![2, 1, 2, 15, 0xFF, 0xB5, 0x22];
    data.extend([7; 12]);
    data.extend([3, 3, 0x56, 0x4E]);
    let mut writer = Writer::new(vec![], Datalink::H4).unwrap();
    let mut event = vec![];
    for (turn, says) in (0..400).zip(says.into_iter().cycle()) {
        let report = Report {
            form: Form::Extended,
            kind: Kind::Advert,
            address: Address { bytes: [0x40, 0, 0, 0, 0, 1], random: true },
            rssi: if turn < 200 { says } else { Some(Dbm(-40)) },
            connectable: true,
            scannable: true,
            legacy: true,
            set: NO_SET,
            status: DataStatus::Complete,
            data: &data,
        };
        hci::encode(&report, &mut event);
        writer.write_event(turn * 100_000, &event).unwrap();
    }
    let path = place.directory.path().join("air.btsnoop");
    std::fs::write(&path, writer.finish().unwrap()).unwrap();
    Ears::replaying(&path, Mono::default()).unwrap()
}

#[test]
fn nobody_is_accused_where_levels_are_127_or_0_and_it_ends_by_itself() {
    for says in [[None; 2], [Some(Dbm(0)); 2], [None, Some(Dbm(0))]] {
        let place = Place::new();
        let mut kiosk = place.kiosk(ears(&place, says));
        touch(&mut kiosk, &[Touch::Enter]);
        run_until(&mut kiosk, at(3));
        assert_eq!(kiosk.view().fault, None, "too few reports to judge by");
        run_until(&mut kiosk, at(19));
        assert_eq!(kiosk.view().fault, Some(LACKS));
        assert_eq!(kiosk.view().bar, Some(Face::RadioUnwell));
        run_until(&mut kiosk, at(29));
        assert_eq!(kiosk.view().fault, None);
        assert_eq!(kiosk.view().bar, Some(Face::Looking), "it looks anew");
        run_until(&mut kiosk, at(35));
        assert!(matches!(kiosk.view().bar, Some(Face::Running(_))), "{:?}", kiosk.view().bar);
    }
}

#[test]
fn half_of_the_levels_are_enough() {
    let place = Place::new();
    let mut kiosk = place.kiosk(ears(&place, [None, Some(Dbm(-40))]));
    run_until(&mut kiosk, at(19));
    assert_eq!(kiosk.view().fault, None);
}
