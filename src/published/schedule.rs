//! When to ask the server again. Pure: the time, and the chance that spreads kiosks apart, come in
//! as values.

use std::time::Duration;

/// After a good round. An authority publishes every few hours; phones ask about as often.
pub const REGULAR: Duration = Duration::from_hours(4);

/// After the first failure; it doubles with every further one.
pub const FIRST_WAIT: Duration = Duration::from_mins(1);

/// No failure makes the kiosk wait longer, but for a server that asks for more.
pub const LONGEST_WAIT: Duration = REGULAR;

/// The longest that a server may ask for.
pub const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// How the last round went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Everything that is listed is here, or gone from the server.
    Done,
    /// More is listed than one round fetches.
    More,
    /// It failed; perhaps the server said for how long it wants to be left alone.
    Failed(Option<Duration>),
}

/// How often it has failed in a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Schedule {
    failures: u32,
}

impl Schedule {
    /// How long to wait after a round that went so. `chance` is any number, each as likely as the
    /// others: it takes up to half off a wait, so that kiosks that failed together do not come
    /// back together.
    pub fn wait(&mut self, outcome: Outcome, chance: u32) -> Duration {
        let (longest, least) = match outcome {
            Outcome::Done => {
                self.failures = 0;
                (REGULAR, Duration::ZERO)
            }
            Outcome::More => {
                self.failures = 0;
                (FIRST_WAIT, Duration::ZERO)
            }
            Outcome::Failed(asked) => {
                let doubled = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
                self.failures = self.failures.saturating_add(1);
                let wait = FIRST_WAIT.saturating_mul(doubled).min(LONGEST_WAIT);
                (wait, asked.unwrap_or_default().min(LONGEST_ASKED))
            }
        };
        let half = longest / 2;
        (half + half.mul_f64(f64::from(chance) / f64::from(u32::MAX))).max(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Mono;

    /// A server that is away for a day, on a clock moved by hand.
    #[test]
    fn a_day_without_a_server_is_asked_for_some_dozen_times() {
        let chance = &mut fastrand::Rng::with_seed(1);
        let (mut schedule, mut now, mut tries) = (Schedule::default(), Mono::default(), vec![]);
        let day = Duration::from_hours(24);
        while now.since_start() < day {
            tries.push(now);
            now = now + schedule.wait(Outcome::Failed(None), chance.u32(..));
        }
        assert!((12..=24).contains(&tries.len()), "{} tries", tries.len());
        let waits: Vec<_> = tries.windows(2).map(|pair| pair[1].since(pair[0])).collect();
        assert!(waits.iter().all(|wait| (FIRST_WAIT / 2..=LONGEST_WAIT).contains(wait)));
        assert!(waits[0] <= FIRST_WAIT && waits[10] >= LONGEST_WAIT / 2);
        // It is back: from then on as usual.
        let wait = schedule.wait(Outcome::Done, chance.u32(..));
        assert!((REGULAR / 2..=REGULAR).contains(&wait));
        assert!(schedule.wait(Outcome::Failed(None), 0) == FIRST_WAIT / 2);
    }

    #[test]
    fn kiosks_that_failed_together_come_back_apart() {
        let waits = [0, u32::MAX / 2, u32::MAX].map(|chance| {
            let mut schedule = Schedule { failures: 3 };
            schedule.wait(Outcome::Failed(None), chance).as_secs()
        });
        assert_eq!(waits, [240, 359, 480]);
    }

    #[test]
    fn a_server_may_ask_for_more_but_not_for_ever() {
        let mut schedule = Schedule::default();
        let asked = Duration::from_hours(9);
        assert_eq!(schedule.wait(Outcome::Failed(Some(asked)), 0), asked);
        assert_eq!(schedule.wait(Outcome::Failed(Some(Duration::MAX)), 0), LONGEST_ASKED);
        let mut schedule = Schedule { failures: u32::MAX };
        assert_eq!(schedule.wait(Outcome::Failed(None), u32::MAX), LONGEST_WAIT);
    }
}
