//! What the journal is told of something that changes: each change once, and no more within an hour
//! than somebody would read. It writes nothing itself.

use std::collections::VecDeque;
use std::time::Duration;

use super::moment::Mono;

/// So many are told at most within [`WITHIN`]: what comes and goes all day shows in them, and does
/// not fill the card.
const MOST: usize = 6;
const WITHIN: Duration = Duration::from_hours(1);

/// What was told so far.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Remarks {
    last: String,
    /// When the latest were told, the latest last.
    told: VecDeque<Mono>,
}

impl Remarks {
    /// Whether this is to be told now: it is another one than the last that was told, and there were
    /// not too many within the last hour. If so it counts as told.
    pub fn may_tell(&mut self, remark: &str, now: Mono) -> bool {
        while self.told.front().is_some_and(|at| now.since(*at) >= WITHIN) {
            self.told.pop_front();
        }
        if remark == self.last || self.told.len() >= MOST {
            return false;
        }
        remark.clone_into(&mut self.last);
        self.told.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_and_goes_is_told_a_few_times_an_hour() {
        let mut remarks = Remarks::default();
        let mut told = Vec::new();
        for second in 0..2 * 60 * 60 {
            let now = Mono::from_millis(second * 1_000);
            let remark = if second / 20 % 2 == 0 { "on the air" } else { "off the air" };
            if remarks.may_tell(remark, now) {
                told.push(second);
            }
        }
        assert_eq!(told, [0, 20, 40, 60, 80, 100, 3_600, 3_620, 3_640, 3_660, 3_680, 3_700]);
    }

    #[test]
    fn what_was_left_out_is_told_later_if_it_still_holds() {
        let mut remarks = Remarks::default();
        let at = |minutes| Mono::from_millis(minutes * 60_000);
        for minute in 0..6_u64 {
            assert!(remarks.may_tell(&minute.to_string(), at(minute)));
        }
        assert!(!remarks.may_tell("well", at(6)));
        assert!(remarks.may_tell("well", at(60)));
        assert!(!remarks.may_tell("well", at(61)));
    }
}
