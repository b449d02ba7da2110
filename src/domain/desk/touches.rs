//! What each touch does on each step.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a touch that makes no sense on a step is ignored: the screen may change under a finger"
)]

use super::form::{Form, Pick, TypedField};
use super::step::{PhoneStep, Recall, Step};
use super::{Desk, Errand, Wish, edit_digits};
use crate::domain::complaint::Complaint;
use crate::domain::moment::Now;
use crate::domain::phone::Phone;
use crate::domain::policy;
use crate::domain::request::Digits;
use crate::domain::site::{Site, SiteKind};
use crate::domain::touch::Touch;
use crate::domain::typing::Line;

impl Desk {
    /// A finger, or a key.
    pub fn handle_touch(&mut self, touch: Touch, now: Now, site: &Site) -> Option<Wish> {
        self.last_touch = now.mono;
        if std::mem::take(&mut self.still_there) {
            // The touch answers the question and does nothing else.
            return None;
        }
        match touch {
            Touch::Language(language) => {
                self.language = language;
                if let Step::Typing(line) = &mut self.step {
                    line.set_language(language);
                }
                return None;
            }
            Touch::LargeText => {
                self.large_text = !self.large_text;
                return None;
            }
            _ => self.complaint = None,
        }
        let step = std::mem::replace(&mut self.step, Step::Welcome);
        self.step_on(step, touch, site)
    }

    /// One touch on one step. The step has been taken out; it is put back, or another one is.
    fn step_on(&mut self, step: Step, touch: Touch, site: &Site) -> Option<Wish> {
        match (step, touch) {
            (step @ (Step::Writing | Step::WritingLeave), _) => {
                self.step = step;
                None
            }
            (Step::Done { .. } | Step::Left { .. }, _) => Some(self.finish(site)),
            (Step::Welcome, touch) => self.at_welcome(touch, site),
            (Step::Notice(from), _) => {
                self.step = *from;
                None
            }
            (Step::Install(from), touch) => self.at_install(*from, touch, site),
            (step, Touch::ShowInstall) if self.errand == Errand::Visitor => {
                self.form.install_shown = true;
                self.step = Step::Install(Box::new(step));
                None
            }
            (step, Touch::ShowNotice) => {
                self.step = Step::Notice(Box::new(step));
                None
            }
            (Step::Identify, touch) => self.at_identify(touch, site),
            (Step::Typing(line), touch) => self.at_typing(line, touch, site),
            (Step::Phone(phone), touch) => self.at_phone(phone, touch, site),
            (Step::Visit, touch) => self.at_visit(touch, site),
            (Step::Leave { digits }, touch) => self.at_leave(digits, touch, site),
        }
    }

    fn at_welcome(&mut self, touch: Touch, site: &Site) -> Option<Wish> {
        match touch {
            Touch::Enter | Touch::Next => {
                self.form = Form::new(site);
                self.step = Step::Identify;
                Some(Wish::Begin)
            }
            Touch::ShowInstall => {
                self.form = Form::new(site);
                self.form.install_shown = true;
                self.step = Step::Install(Box::new(Step::Identify));
                Some(Wish::Begin)
            }
            Touch::Leave => {
                self.step = Step::Leave { digits: Digits::default() };
                None
            }
            Touch::ShowNotice => {
                self.step = Step::Notice(Box::new(Step::Welcome));
                None
            }
            Touch::Guard => Some(Wish::ShowGuard),
            _ => None,
        }
    }

    fn at_identify(&mut self, touch: Touch, site: &Site) -> Option<Wish> {
        self.step = Step::Identify;
        match touch {
            Touch::Back => return Some(self.finish(site)),
            Touch::ByPhone => {
                self.step = Step::Phone(PhoneStep { to_recall: true, ..PhoneStep::default() });
            }
            Touch::ByName => self.type_line(TypedField::Name),
            _ => {}
        }
        None
    }

    fn at_typing(&mut self, mut line: Line, touch: Touch, site: &Site) -> Option<Wish> {
        let field = line.field();
        match touch {
            Touch::Key(key) => {
                let _typed = line.handle_key(key);
            }
            Touch::Back => {
                let is_correction = matches!(self.errand, Errand::Correction { .. });
                if field != TypedField::Name || is_correction {
                    // What was typed stays; what was not touched stays as it was, masked or
                    // picked from a list, and nobody loses their name.
                    let text = line.finished();
                    let is_lost = field == TypedField::Name && text.is_empty();
                    if !is_lost && text != self.form.text(field) {
                        self.form.keep(field, text);
                    }
                    self.step = Step::Visit;
                    return None;
                }
                if self.errand != Errand::Visitor {
                    return Some(self.finish(site));
                }
                // What was typed stays, should they come back to it.
                self.form.keep(field, line.finished());
                self.step = Step::Identify;
                return None;
            }
            Touch::Next => {
                let text = line.finished();
                if field == TypedField::Name && text.is_empty() {
                    self.complaint = Some(Complaint::NameMissing);
                } else {
                    self.form.keep(field, text);
                    self.step = Step::Visit;
                    return None;
                }
            }
            _ => {}
        }
        self.step = Step::Typing(line);
        None
    }

    fn at_phone(&mut self, mut phone: PhoneStep, touch: Touch, site: &Site) -> Option<Wish> {
        let mut wish = None;
        match (touch, &phone.recall) {
            (Touch::Back, _) => {
                self.step = if phone.to_recall { Step::Identify } else { Step::Visit };
                return None;
            }
            (Touch::ItIsMe, Recall::Known(personal)) => {
                self.form.recall(personal, site);
                self.form.hide_recalled();
                self.step = Step::Visit;
                return None;
            }
            (Touch::ItIsNotMe, Recall::Known(_)) | (Touch::Next, Recall::Unknown) => {
                self.form.phone =
                    Phone::parse(&phone.digits).map(Phone::into_digits).unwrap_or_default();
                self.type_line(TypedField::Name);
                return None;
            }
            (Touch::Key(key), _) => {
                if edit_digits(&mut phone.digits, key, policy::PHONE_DIGITS_MAX) {
                    phone.recall = Recall::NotAsked;
                }
                // A mobile number is whole at ten digits: nobody has to say that it is.
                if phone.to_recall && phone.digits.len() == 10 && !phone.digits.starts_with("00") {
                    wish = ask_book(&mut phone);
                }
            }
            (Touch::Next, Recall::NotAsked) if phone.to_recall => {
                wish = ask_book(&mut phone);
                if wish.is_none() {
                    self.complaint = Some(Complaint::PhoneWrong);
                }
            }
            (Touch::Next, Recall::NotAsked) => match Phone::parse(&phone.digits) {
                _ if phone.digits.is_empty() => {
                    self.form.phone.clear();
                    self.step = Step::Visit;
                    return None;
                }
                Ok(number) => {
                    self.form.phone = number.into_digits();
                    self.step = Step::Visit;
                    return None;
                }
                Err(_) => self.complaint = Some(Complaint::PhoneWrong),
            },
            _ => {}
        }
        self.step = Step::Phone(phone);
        wish
    }

    fn at_visit(&mut self, touch: Touch, site: &Site) -> Option<Wish> {
        self.step = Step::Visit;
        match touch {
            Touch::Back if self.errand == Errand::Visitor || self.errand == Errand::Guard => {
                self.type_line(TypedField::Name);
            }
            Touch::Back => return Some(self.finish(site)),
            Touch::Host(place) if usize::from(place) < site.hosts.len() => {
                self.form.host = Pick::Listed(place.into());
            }
            Touch::Purpose(place) if usize::from(place) < site.purposes.len() => {
                self.form.purpose = Pick::Listed(place.into());
            }
            Touch::OtherHost => self.type_line(TypedField::Host),
            Touch::OtherPurpose => self.type_line(TypedField::Purpose),
            Touch::EditPlate => self.type_line(TypedField::Plate),
            Touch::EditUnit => self.type_line(TypedField::Unit),
            Touch::EditName => self.type_line(TypedField::Name),
            Touch::EditPhone => {
                let digits = self.form.phone.clone();
                self.step = Step::Phone(PhoneStep { digits, ..PhoneStep::default() });
            }
            Touch::MoreCompanions => self.form.change_companions(true),
            Touch::FewerCompanions => self.form.change_companions(false),
            Touch::NoPhone => self.form.no_phone = !self.form.no_phone,
            Touch::Next => {
                // An office must know whom a visitor sees; a hotel or a market need not.
                if self.form.name.is_empty() {
                    self.complaint = Some(Complaint::NameMissing);
                } else if self.form.host == Pick::None && site.kind == SiteKind::Office {
                    self.complaint = Some(Complaint::HostMissing);
                } else {
                    self.step = Step::Writing;
                    return Some(Wish::Write);
                }
            }
            _ => {}
        }
        None
    }

    fn at_leave(&mut self, mut digits: Digits, touch: Touch, site: &Site) -> Option<Wish> {
        match touch {
            Touch::Back => return Some(self.finish(site)),
            Touch::Key(key) => {
                edit_digits(&mut digits.0, key, policy::PHONE_DIGITS_MAX);
            }
            Touch::Next if digits.0.len() <= policy::BADGE_DIGITS_MAX => {
                if let Ok(badge) = digits.0.parse::<u16>() {
                    self.step = Step::WritingLeave;
                    return Some(Wish::LeaveByBadge(badge));
                }
                self.complaint = Some(Complaint::NobodyInside);
            }
            Touch::Next => match Phone::parse(&digits.0) {
                Ok(number) => {
                    self.step = Step::WritingLeave;
                    return Some(Wish::LeaveByPhone(Digits(number.into_digits())));
                }
                Err(_) => self.complaint = Some(Complaint::NobodyInside),
            },
            _ => {}
        }
        self.step = Step::Leave { digits };
        None
    }
}

/// Asks the book about a whole number.
fn ask_book(phone: &mut PhoneStep) -> Option<Wish> {
    let number = Phone::parse(&phone.digits).ok()?;
    phone.recall = Recall::Asked;
    Some(Wish::Recall(Digits(number.into_digits())))
}
