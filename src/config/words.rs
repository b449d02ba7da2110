//! The words a site offers when its configuration names none: whom one comes to see, what for,
//! and when the house closes. The Vietnamese ones are those of the offices' own door signs.

use super::value::Sweep;
use crate::domain::site::{Choice, SiteKind};

type Words = (&'static str, &'static str, &'static str);

const OFFICE_HOSTS: [Words; 5] = [
    ("Bộ phận Một cửa", "One-stop counter", "ຫ້ອງບໍລິການປະຕູດຽວ"),
    ("Phòng Văn hóa – Thông tin", "Culture and Information", "ຫ້ອງການວັດທະນະທຳ ແລະ ຂ່າວສານ"),
    ("Phòng Giáo dục", "Education", "ຫ້ອງການສຶກສາ"),
    ("Phòng Tư pháp", "Justice", "ຫ້ອງການຍຸຕິທຳ"),
    ("Tiếp công dân", "Citizens’ reception", "ຫ້ອງຮັບຕ້ອນປະຊາຊົນ"),
];

const OFFICE_PURPOSES: [Words; 3] = [
    ("Nộp hồ sơ", "Hand in papers", "ຍື່ນເອກະສານ"),
    ("Họp", "Meeting", "ປະຊຸມ"),
    ("Giao nhận hàng", "Delivery", "ຮັບ-ສົ່ງເຄື່ອງ"),
];

const HOTEL_HOSTS: [Words; 4] = [
    ("Lễ tân", "Reception", "ພະແນກຕ້ອນຮັບ"),
    ("Khách lưu trú", "A guest of the house", "ແຂກທີ່ພັກເຊົາ"),
    ("Nhà hàng", "Restaurant", "ຮ້ານອາຫານ"),
    ("Hội trường", "Hall", "ຫ້ອງປະຊຸມ"),
];

const HOTEL_PURPOSES: [Words; 4] = [
    ("Nhận phòng", "Take a room", "ເຂົ້າພັກ"),
    ("Gặp khách", "See a guest", "ພົບແຂກ"),
    ("Ăn uống", "Eat and drink", "ຮັບປະທານອາຫານ"),
    ("Giao hàng", "Delivery", "ສົ່ງເຄື່ອງ"),
];

const MARKET_HOSTS: [Words; 4] = [
    ("Quầy hàng", "Stalls", "ຮ້ານຂາຍເຄື່ອງ"),
    ("Khu ăn uống", "Food court", "ເຂດອາຫານ"),
    ("Ban quản lý chợ", "Market office", "ຫ້ອງການຕະຫຼາດ"),
    ("Bãi gửi xe", "Parking", "ບ່ອນຈອດລົດ"),
];

const MARKET_PURPOSES: [Words; 4] = [
    ("Mua hàng", "Buy", "ຊື້ເຄື່ອງ"),
    ("Bán hàng", "Sell", "ຂາຍເຄື່ອງ"),
    ("Giao hàng", "Delivery", "ສົ່ງເຄື່ອງ"),
    ("Làm việc", "Work", "ເຮັດວຽກ"),
];

pub(super) fn hosts(kind: SiteKind) -> Vec<Choice> {
    choices(match kind {
        SiteKind::Office => &OFFICE_HOSTS,
        SiteKind::Hotel => &HOTEL_HOSTS,
        SiteKind::Market => &MARKET_HOSTS,
    })
}

pub(super) fn purposes(kind: SiteKind) -> Vec<Choice> {
    choices(match kind {
        SiteKind::Office => &OFFICE_PURPOSES,
        SiteKind::Hotel => &HOTEL_PURPOSES,
        SiteKind::Market => &MARKET_PURPOSES,
    })
}

/// Well after the doors close: offices at 17:00, markets by 21:00. In a hotel people stay.
pub(super) const fn closing_sweep(kind: SiteKind) -> Sweep {
    match kind {
        SiteKind::Office => Sweep::At(20 * 60),
        SiteKind::Hotel => Sweep::Off,
        SiteKind::Market => Sweep::At(22 * 60),
    }
}

fn choices(words: &[Words]) -> Vec<Choice> {
    words
        .iter()
        .map(|(vi, en, lo)| Choice {
            vi: (*vi).to_owned(),
            en: (*en).to_owned(),
            lo: (*lo).to_owned(),
        })
        .collect()
}
