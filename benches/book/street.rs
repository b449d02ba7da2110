//! Visitors as they come through a Vietnamese door: names by how common they are, the same every
//! time. All of them are invented.

use fastrand::Rng;
use kiosk::domain::logbook::{Draft, Event, Public};
use kiosk::domain::moment::Wall;
use kiosk::domain::visit::{Leaving, Personal, VisitId};

use crate::visits::{event, facts, person};

/// Family names and how many of 1,000 people bear them (Lê Trung Hoa, Họ và tên người Việt Nam,
/// 2005, as rounded in common tables); the rest is shared by [`RARE`].
const FAMILIES: [(&str, u32); 14] = [
    ("Nguyễn", 384),
    ("Trần", 110),
    ("Lê", 95),
    ("Phạm", 71),
    ("Huỳnh", 51),
    ("Phan", 45),
    ("Võ", 39),
    ("Đặng", 21),
    ("Bùi", 20),
    ("Đỗ", 14),
    ("Hồ", 13),
    ("Ngô", 13),
    ("Dương", 10),
    ("Lý", 5),
];
const RARE: [&str; 20] = [
    "An", "Cao", "Châu", "Chu", "Đinh", "Đoàn", "Hà", "Kiều", "La", "Lâm", "Lương", "Mai",
    "Nghiêm", "Quách", "Tạ", "Thái", "Tô", "Trịnh", "Trương", "Vương",
];
/// Syllables of middle and given names, the commonest first.
const SYLLABLES: &str = "Anh Hoa Lan Hùng Minh Hương Hoà Nam Thảo Linh Dũng Hà Tuấn Phương Trang \
    Hằng Thu Đức Bình Long Nga Hải Mai Sơn Thanh Ngọc Quang Hiền Thuỷ Cường Yến Tâm Vân Thắng Loan \
    Hạnh Tùng Kim Trung Nhung Phúc Dung Khánh Việt Hồng Châu Thịnh Quỳnh Tú Ly Huy Oanh Vinh Xuân \
    Khoa Liên Tiến Thuý Đạt Diệp Lộc My Hậu Giang Thương Quân Ngân Bảo Trâm Thành Uyên Toàn Vy \
    Kiên Như Phát Trinh An Đào Hiếu Tuyết Lâm Duyên Nhân Chi Tài Bích Mạnh Cúc Phong Nguyệt Khôi \
    Diễm Hưng Thơm Trí Thoa Đông Gấm Tín Nhàn Lợi Sen Thiện Út Nghĩa Bé Quý Ánh Thông Cẩm Danh Na \
    Phước Thêu Hào Lệ Luân Dịu Triết Mận Ân Nụ Khang Thắm Sang Chín Tân Tư Viên Lụa Vũ Mơ";

/// The check-out that belongs to a check-in, an hour later.
pub(crate) fn check_out((check_in, visit): (&Draft, u32)) -> Draft {
    let wall = Wall(check_in.public.wall.0 + 3_600);
    let event = Event::CheckOut { visit: VisitId(visit), how: Leaving::Visitor };
    Draft { public: Public { wall, event, ..check_in.public }, personal: None }
}

pub(crate) struct Street {
    random: Rng,
    syllables: Vec<&'static str>,
}

impl Street {
    pub(crate) fn new() -> Self {
        let random = Rng::with_seed(2021);
        Self { random, syllables: SYLLABLES.split_whitespace().collect() }
    }

    pub(crate) fn name(&mut self) -> String {
        let family = self.family();
        let given = self.syllable();
        // Of ten women eight bear "Thị", of ten men five "Văn".
        let middle = match self.random.u32(..20) {
            0..8 => "Thị",
            10..15 => "Văn",
            _ => self.syllable(),
        };
        if self.random.u32(..3) == 0 {
            let second = self.syllable();
            return format!("{family} {middle} {second} {given}");
        }
        format!("{family} {middle} {given}")
    }

    /// A check-in; five hundred visitors a day.
    pub(crate) fn check_in(&mut self, visit: u32) -> Draft {
        let number = u16::try_from(visit % 500 + 1).unwrap_or(1);
        let wall = Wall(1_600_000_000 + i64::from(visit) * 60);
        let draft = event(wall, Event::CheckIn { facts: facts(visit, number) });
        let name = self.name();
        let phone = format!("09{:08}", self.random.u32(..100_000_000));
        Draft { personal: Some(Personal { phone, ..person(&name) }), ..draft }
    }

    pub(crate) fn random(&mut self) -> &mut Rng {
        &mut self.random
    }

    fn family(&mut self) -> &'static str {
        let mut left = self.random.u32(..1_000);
        for (family, share) in FAMILIES {
            if left < share {
                return family;
            }
            left -= share;
        }
        self.random.choice(RARE).unwrap_or("An")
    }

    /// The commoner, the earlier in the list: the square of an even choice.
    fn syllable(&mut self) -> &'static str {
        let even = self.random.f64();
        let count = u32::try_from(self.syllables.len()).unwrap_or(1);
        let place = (0..count).find(|place| f64::from(*place + 1) / f64::from(count) > even * even);
        let place = usize::try_from(place.unwrap_or(0)).unwrap_or(0);
        self.syllables.get(place).copied().unwrap_or("An")
    }
}
