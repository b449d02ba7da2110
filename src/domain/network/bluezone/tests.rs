//! Bluezone's forms and ids against the vectors that were computed from the app's sources. No raw
//! capture of the app is public.

use super::super::tests::{advert, bytes};
use super::*;
use crate::domain::advert::Dbm;
use crate::domain::sighting::{SendingPower, Strength};

fn found(hex: &str) -> Result<Option<Evidence>, DecodeError> {
    decode(&advert(&bytes(hex)))
}

fn id(id: ProximityId) -> Evidence {
    Evidence::Id {
        network: Network::Bluezone,
        id,
        tx_power: SendingPower::Unsaid,
        tx_class: TxClass::Low,
    }
}

fn candidate(strength: Strength) -> Evidence {
    Evidence::Candidate { network: Network::Bluezone, strength, tx_class: TxClass::Full }
}

const SERVICE: &str = "03 03 564E";
const ID: &str = "0F FF B522 490C085D937456A4DD07E710";
const IPHONE: &str = "11 07 67A607ADD1172FA1C44BF573564E0000";
const NEARBY: &str = "0B FF 4C00 10 06 131A3F2B1C0A";
const BACKGROUND: &str = "14 FF 4C00 01 08000000000000000000000000000000";

#[test]
fn an_android_phone_in_any_order_and_among_other_services() {
    let known = Ok(Some(id(ProximityId::Bluezone([
        0x49, 0x0C, 0x08, 0x5D, 0x93, 0x74, 0x56, 0xA4, 0xDD, 0x07, 0xE7, 0x10,
    ]))));
    assert_eq!(found(&format!("020102 {ID} {SERVICE}")), known);
    assert_eq!(found(&format!("{SERVICE} {NEARBY} {ID}")), known);
    assert_eq!(found(&format!("07 02 0F18 564E 6FFD {ID}")), known);
    assert_eq!(found(&format!("{SERVICE} {ID} 09 FF 4C00")), known, "a tail that breaks off");
}

#[test]
fn an_android_phone_of_the_first_generation() {
    let packet = "020102 09FFB522334968375150 110789A807ADD1172FA1C44BF573F4390AE2";
    assert_eq!(found(packet), Ok(Some(id(ProximityId::BluezoneV1(*b"3Ih7QP")))));
    let misspelt = "09FFB522334968375100 110789A807ADD1172FA1C44BF573F4390AE2";
    assert_eq!(found(misspelt), Err(DecodeError::IdAlphabet));
}

#[test]
fn an_iphone_on_screen() {
    assert_eq!(found(&format!("02011A 020A0C {IPHONE}")), Ok(Some(candidate(Strength::Named))));
    assert_eq!(found("110767A607ADD1172FA1C44BF573F4390AE2"), Ok(Some(candidate(Strength::Named))));
    assert_eq!(found(&format!("{BACKGROUND} {IPHONE}")), Ok(Some(candidate(Strength::Named))));
}

#[test]
fn an_iphone_in_the_background() {
    assert_eq!(found(BACKGROUND), Ok(Some(candidate(Strength::Hint))));
    assert_eq!(
        found(&format!("02011A {NEARBY} {BACKGROUND}")),
        Ok(Some(candidate(Strength::Hint)))
    );
    let with_another_app = "14FF4C000148000000000000000000200000000000";
    assert_eq!(found(with_another_app), Ok(Some(candidate(Strength::Hint))));
    let first_generation = "14FF4C000100000000000000000000800000000000";
    assert_eq!(found(first_generation), Ok(Some(candidate(Strength::Hint))));
    assert_eq!(found("14FF4C0001F7FFFFFFFFFFFFFFFFFF7FFFFFFFFFFF"), Ok(None), "other bits");
    assert_eq!(found("14FFB5220108000000000000000000000000000000").ok(), None, "not Apple's");
    assert_eq!(found("05FF4C000108"), Ok(None), "too short");
}

#[test]
fn a_wake_beacon_is_nobody_whatever_its_numbers() {
    let beacon = "020106 1AFF4C000215C7AFEF7B17884F4AA87D691D53BF21C4";
    let wake = Ok(Some(Evidence::WakeBeacon { network: Network::Bluezone }));
    assert_eq!(found(&format!("{beacon}00140014C5")), wake);
    assert_eq!(found(&format!("{beacon}FFFF0001C5")), wake);
    assert_eq!(found("1AFF4C000215C7AFEF7B17884F4AA87D691D53BF21C500140014C5"), Ok(None));
}

#[test]
fn half_of_an_android_advert_is_an_error_that_says_which_half() {
    assert_eq!(found(SERVICE), Err(DecodeError::IdMissing));
    assert_eq!(found(ID), Err(DecodeError::ServiceMissing));
    let short = Err(DecodeError::IdLength { least: 12, most: 12, got: 2 });
    assert_eq!(found(&format!("{SERVICE} 05FFB5220102")), short);
    assert_eq!(found(""), Ok(None));
}

#[test]
fn the_power_an_advert_states_goes_with_its_id() {
    let Ok(Some(Evidence::Id { tx_power, .. })) = found(&format!("{ID} {SERVICE} 020AF1")) else {
        panic!("no id");
    };
    assert_eq!(tx_power, SendingPower::Stated(Dbm(-15)));
}

const B_TIME: i64 = 1_622_509_323;
const B_DAY: i64 = 1_622_505_600;

fn b() -> [u8; 32] {
    std::array::from_fn(|place| u8::try_from(place).unwrap())
}

fn derived(key: &[u8; 32], key_time: i64, at: i64, slots: SlotsPerDay) -> (Vec<u8>, i64) {
    let rolling = derive(key, Wall(key_time), Wall(at), slots).unwrap();
    assert!((rolling.begin.0..rolling.end.0).contains(&at));
    (rolling.id.as_bytes().to_vec(), rolling.begin.0)
}

#[test]
fn rolling_ids_of_the_zero_key() {
    let vectors = [
        (0, "490C085D937456A4DD07E710", 0),
        (899, "490C085D937456A4DD07E710", 0),
        (900, "CC4111FEC540C346EC6A053F", 900),
        (86_399, "3140C784CD06058BB930F6A7", 85_500),
        (86_400, "D80CC204FA6491AF30D0932A", 86_400),
        (1_252_800, "67F28A935CACEB1A5DCEDBDB", 1_252_800),
    ];
    for (at, id, begin) in vectors {
        assert_eq!(derived(&[0; 32], 0, at, SlotsPerDay::DEFAULT), (bytes(id), begin), "{at}");
    }
}

#[test]
fn rolling_ids_of_a_key_made_during_a_day() {
    let vectors = [
        (B_DAY, "130CEA6472130C185D8643DF"),
        (1_622_548_800, "B67A4F2BC44E6AE1BA10760D"),
        (1_622_591_999, "0AE9AB99C50104E835045ABF"),
        (1_622_592_000, "970E23C0E19DE93F8CC4057B"),
        (1_622_678_400, "BEF6CA7A48D6DB7DD0BE0B53"),
        (1_622_967_301, "1B26BA71E3127256F046BB1E"),
        (1_623_715_200, "B4AF7EECC709EE0D6152CE62"),
    ];
    for (at, id) in vectors {
        assert_eq!(derived(&b(), B_TIME, at, SlotsPerDay::DEFAULT).0, bytes(id), "{at}");
    }
    let tenth_minutes =
        [(1_622_509_800, "4B258BC81F044B4E00C742BF"), (B_DAY + 86_399, "3853D23D5202D320DB78307A")];
    for (at, id) in tenth_minutes {
        assert_eq!(derived(&b(), B_TIME, at, SlotsPerDay::V2).0, bytes(id), "{at}");
    }
}

#[test]
fn the_key_of_a_later_day_gives_the_same_ids() {
    let day_5 = bytes("D06AB04A60C2B9012245FDD6CF457B53552569491A7DAD7CAE305650B6483328");
    let day_5 = day_5.try_into().unwrap();
    let at = 1_622_967_301;
    let slots = SlotsPerDay::DEFAULT;
    assert_eq!(derived(&day_5, at, at, slots), derived(&b(), B_TIME, at, slots));

    let base = bytes("7326D8E9FB2AF4FE450A6A390F7CBB00F515072CF4793EB870C6799126F12EF4");
    let base = base.try_into().unwrap();
    let vectors =
        [(1_600_000_000, "E5C710149593F396FB7911AC"), (1_600_259_200, "17301F94295A2D9630C9475B")];
    for (at, id) in vectors {
        assert_eq!(derived(&base, 1_600_000_000, at, slots).0, bytes(id), "{at}");
    }
}

#[test]
fn moments_without_an_id_are_named() {
    let slots = SlotsPerDay::DEFAULT;
    let asked = |at: i64| derive(&b(), Wall(B_TIME), Wall(at), slots).unwrap_err();
    assert_eq!(
        asked(B_DAY - 1).to_string(),
        "derive an id for 1622505599: the key gives ids from 1622505600 on"
    );
    let end = Wall(B_DAY + 400 * 86_400);
    assert_eq!(asked(end.0), DeriveError::AfterKey { at: end, end });
    assert!(derive(&b(), Wall(B_TIME), Wall(end.0 - 1), slots).is_ok());
    assert_eq!(asked(-1), DeriveError::Moment { moment: Wall(-1) });
    assert_eq!(asked(i64::MAX), DeriveError::Moment { moment: Wall(i64::MAX) });
}

#[test]
fn slots_divide_a_day() {
    assert_eq!(SlotsPerDay::try_from(96), Ok(SlotsPerDay::DEFAULT));
    assert_eq!(SlotsPerDay::try_from(144).map(SlotsPerDay::seconds), Ok(600));
    for slots in [0, 7, 1_441, 21_600] {
        assert_eq!(SlotsPerDay::try_from(slots), Err(SlotsError { slots }));
    }
}
