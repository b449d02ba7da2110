//! `kiosk log` as it is printed.

use clap::Parser;
use kiosk::command::log::{LogArgs, run};
use kiosk::domain::moment::Zone;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: LogArgs,
}

/// What it prints, or why it failed.
fn printed(place: &Place, args: &[&str]) -> Result<String, String> {
    let args = Line::parse_from(["log"].iter().chain(args)).args;
    let mut out = Vec::new();
    run(&args, &place.path(), Zone::VIET_NAM, OPTIONS.wall, &mut out)
        .map_err(|error| format!("{error:#}"))?;
    Ok(String::from_utf8(out).unwrap())
}

fn filled() -> Place {
    let place = Place::new();
    let mut book = place.book();
    let personal = Personal {
        phone: "0900000111".into(),
        plate: "43A-123.45".into(),
        ..person("Hồ Thị Thương")
    };
    append(&mut book, check_in(481, personal));
    append(&mut book, check_in(482, person("ສົມຈິດ")));
    append(&mut book, check_in(483, person("Ngô\u{1b}[2J Văn Xoá")));
    let facts = VisitFacts { companions: 2, ..facts(482) };
    let draft = event(490, Event::Update { facts, replaces_seq: 2 });
    append(&mut book, Draft { personal: Some(person("ສົມຈິດ")), ..draft });
    append(&mut book, check_out(481));
    let face = Face::Running(kiosk::domain::presence::Sureness::Confirmed);
    append(&mut book, event(491, Event::Verdict { visit: VisitId(482), face }));
    append(&mut book, check_in(500, person("Đã Xoá")));
    let (visit, wall, wall_trusted) = (VisitId(500), MIDNIGHT, true);
    book.answer(Request::Erase { visit, wall, wall_trusted });
    place
}

#[test]
fn a_day_as_a_table() {
    insta::assert_snapshot!(printed(&filled(), &[]).unwrap(), @r"
    badge  in     out    by     name             host           purpose    with  plate       phone       app
    A-481  08:01  10:00  guard  Hồ Thị Thương    Phòng Một cửa  Nộp hồ sơ        43A-123.45  0900000111  not seen
    A-482  08:02                ສົມຈິດ             Phòng Một cửa  Nộp hồ sơ  +2                            running
    A-483  08:03                Ngô·[2J Văn Xoá  Phòng Một cửa  Nộp hồ sơ                                not seen
    A-500  08:20                (erased)                                                                 not seen
    2021-06-02: 4 visits, 3 still inside
    ");
}

#[test]
fn another_day_is_empty() {
    insta::assert_snapshot!(printed(&filled(), &["--day", "2021-06-03"]).unwrap(), @r"
    badge  in  out  by  name  host  purpose  with  plate  phone  app
    2021-06-03: 0 visits, 0 still inside
    ");
}

#[test]
fn a_day_as_json() {
    let place = filled();
    let text = printed(&place, &["--json"]).unwrap();
    let lines: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["name"], "Hồ Thị Thương");
    assert_eq!(lines[0]["entered"], "2021-06-02T08:01:00");
    assert_eq!(lines[0]["how"], "guard");
    assert_eq!(lines[1]["app"], "running");
    assert_eq!(lines[3]["name"], serde_json::Value::Null);
}

#[test]
fn whether_the_chain_holds() {
    let place = filled();
    let text = printed(&place, &["--verify"]).unwrap();
    assert!(text.starts_with("the chain holds: 8 entries, head "), "{text}");
    let meddle = "UPDATE entry SET public = replace(public, 'guard', 'visitor') WHERE seq = 5";
    raw(&place.path()).execute_batch(meddle).unwrap();
    let error = printed(&place, &["--verify"]).unwrap_err();
    assert!(
        error.starts_with("vouch for the book: the chain breaks at entry 5: it, or the order"),
        "{error}"
    );
}

#[test]
fn a_clear_word_where_there_is_no_book() {
    let error = printed(&Place::new(), &[]).unwrap_err();
    assert!(error.starts_with("open the book: "), "{error}");
    assert!(error.ends_with("the kiosk begins it when it is first started"), "{error}");
}
