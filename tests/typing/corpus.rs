//! Words of names. The Vietnamese ones are family, middle and given names and place names, spelt
//! with the tone where most keyboards put it (`Hòa`, not `Hoà`); they are single syllables, so
//! they name nobody.

/// Syllables of Vietnamese names, parted by spaces.
pub(crate) const SYLLABLES: &str = "
    nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đinh đoàn lâm mai
    trịnh trương phùng tạ tô thái châu quách cao kiều lưu lương mạc nghiêm ông quan tăng thạch
    tôn triệu từ văn viên vương ứng ưng âu ấu ẩn thị hữu đức ngọc minh quốc xuân thanh thành
    công đình gia hải hồng khánh kim mạnh như nhật phương phước quang quý thế thiên thu thùy
    tiến tuấn tường việt vĩnh yến an ái ánh ân bảo bích bình cẩm chi chiến cúc cường dũng duyên
    đạt điệp đông giang giàu hà hạnh hằng hậu hiền hiếu hiệp hoa hòa hòe hoài huệ hùng hương
    hường khải khoa khôi khuê khương lan liên linh loan long lộc lợi luân lụa ly mỹ mười nam nga
    ngà nghĩa nguyên nguyệt nhàn nhân nhi nhung nở nương oanh phong phú phúc phụng quân quế
    quyên quyết quỳnh sáng sơn sương tâm tấn thắm thắng thảo thịnh thoa thơ thục thúy thủy thư
    thương thưởng tiên toàn toản trâm trang trí trinh trọng trúc trung trường tú tùng tuyền
    tuyết uyên vân vinh vượng vy ý xoan xuyến khoái thuần thuận quảng trị lao khe hướng hóa
    đường phường xã huyện chuyển giỏi giúp gìn gì nghiêng khuỷu ngoằn thuở rượu cừu
";

/// Lao names in Latin letters and foreign names that Telex leaves as they are typed, parted by
/// spaces.
pub(crate) const FOREIGN_KEPT: &str = "
    Sisavath Bounmy Keo Khamphone Somchai Vongphachanh Phommachanthavongsa Souphanouvong
    Bounthavy Sengdao Thongloun Khamtay Inthavong Chanthala Sourin Thaveesouk Soukaseum
    Boualaphanh Phoutthavong Khammouane Nouhak Viphavanh Douangchay Savannakhet Keooudone
    Saysana Xayasone Phetsamone Vilaysack Sisoulith Bouasone Bounnhang Choummaly Sayasone
    Kaysone Phomvihane Thammavong Pany Wilson Howard Smith Johnson Williams Brown Miller Davis
    Anderson Thomas Jackson White Martin Walker Young Edwards Roberts David Michael Elizabeth
    Christopher Kowalski Yamamoto Tanaka Park Muller Schmidt Fernandez Oliveira Jeff Jess Anna
    Aaron Emma Moore Cooper Scott Allen Lewis Sarah Oscar Alex Gates Jones James Charles Nils
    Jesus Fox Boone Reed
";

/// Foreign names that are Telex keys as well, and what becomes of them while Telex is on: each
/// reads like a Vietnamese word, or doubles a tone key, which is how Telex spells the plain letter.
/// On the English and Lao screens they stay.
pub(crate) const FOREIGN_CHANGED: &[(&str, &str)] = &[
    ("Lee", "Lê"),
    ("Laura", "Lẩu"),
    ("Marx", "Mã"),
    ("Max", "Mã"),
    ("Lars", "Lá"),
    ("Les", "Lé"),
    ("Noor", "Nổ"),
    ("Ross", "Ros"),
    ("Harris", "Haris"),
    ("Russell", "Rusell"),
    ("Barry", "Bary"),
    ("Murray", "Muray"),
    ("Hassan", "Hasan"),
    ("Rossi", "Rosi"),
    ("Bass", "Bas"),
    ("Tess", "Tes"),
];
