//! Which adapter is used: the one that the settings name, or another in its place. An adapter that is
//! pulled out and put back may come back under another name, as may one whose driver was bound anew.
//! It looks at nothing itself.

use std::time::Duration;

/// For so long the named adapter is waited for. While a machine starts, another may be there before it.
const NAMED_AWAITED_FOR: Duration = Duration::from_secs(10);

/// The choice of one adapter among those that are there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Choice {
    named: String,
    /// The one that was chosen last.
    last: String,
    /// Since when neither of them is there.
    missing_since: Option<Duration>,
    /// Whether another may take its place.
    may_change: bool,
}

impl Choice {
    /// Of the adapter of this name, such as `hci0`, as long as it is there.
    pub(super) fn of(named: String) -> Self {
        Self { last: named.clone(), named, missing_since: None, may_change: true }
    }

    /// Of this one or none.
    pub(super) fn only(named: String) -> Self {
        Self { may_change: false, ..Self::of(named) }
    }

    /// The adapter that was chosen last.
    pub(super) fn last(&self) -> &str {
        &self.last
    }

    /// Chooses among `present`, so long after the start. What was chosen last stays chosen while it is
    /// there; then it is the named one's turn, and when neither has been there for a while, that of the
    /// first of the others.
    pub(super) fn choose(&mut self, present: &[String], since_start: Duration) -> Option<&str> {
        let kept = [&self.last, &self.named].into_iter().find(|name| present.contains(name));
        let chosen = if let Some(kept) = kept {
            kept.clone()
        } else {
            let since = *self.missing_since.get_or_insert(since_start);
            if !self.may_change || since_start.saturating_sub(since) < NAMED_AWAITED_FOR {
                return None;
            }
            present.iter().min_by_key(|name| (number(name), *name))?.clone()
        };
        self.missing_since = None;
        self.last = chosen;
        Some(&self.last)
    }
}

/// The number of an adapter, from its name.
pub(super) fn number(name: &str) -> Option<u16> {
    name.strip_prefix("hci")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_named_one_is_waited_for_and_then_another_takes_its_place() {
        let mut choice = Choice::of("hci0".to_owned());
        assert_eq!(choice.choose(&names(&["hci1", "hci0"]), at(0)), Some("hci0"));
        let others = names(&["hci10", "hci2"]);
        assert_eq!(choice.choose(&others, at(5)), None);
        assert_eq!(choice.choose(&others, at(14)), None);
        assert_eq!(choice.choose(&others, at(15)), Some("hci2"));
        assert_eq!(choice.choose(&[], at(30)), None);
    }

    #[test]
    fn what_works_is_not_left_for_the_named_one() {
        let mut choice = Choice::of("hci0".to_owned());
        let one = names(&["hci1"]);
        assert_eq!(choice.choose(&one, at(0)), None);
        assert_eq!(choice.choose(&one, at(10)), Some("hci1"));
        let both = names(&["hci0", "hci1"]);
        assert_eq!(choice.choose(&both, at(20)), Some("hci1"));
        assert_eq!(choice.choose(&names(&["hci0"]), at(21)), Some("hci0"), "without waiting");
        assert_eq!(choice.last(), "hci0");
    }

    #[test]
    fn where_there_may_be_no_other_there_is_none() {
        let mut choice = Choice::only("hci1".to_owned());
        assert_eq!(choice.choose(&names(&["hci0"]), at(0)), None);
        assert_eq!(choice.choose(&names(&["hci0"]), at(60)), None);
        assert_eq!(choice.choose(&names(&["hci0", "hci1"]), at(61)), Some("hci1"));
    }

    #[test]
    fn each_loss_is_waited_out_anew() {
        let mut choice = Choice::of("hci0".to_owned());
        let other = names(&["hci1"]);
        assert_eq!(choice.choose(&other, at(0)), None);
        assert_eq!(choice.choose(&names(&["hci0"]), at(8)), Some("hci0"));
        assert_eq!(choice.choose(&other, at(100)), None);
        assert_eq!(choice.choose(&other, at(110)), Some("hci1"));
    }
}
