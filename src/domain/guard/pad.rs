//! The PIN pad: unlocking, and choosing the PINs at the first start.
//!
//! It does not know a PIN: whose it is, the store says.

use std::time::Duration;

use super::{Guard, GuardScreen, GuardWish};
use crate::domain::complaint::Complaint;
use crate::domain::desk::edit_digits;
use crate::domain::moment::{Mono, Now};
use crate::domain::policy;
use crate::domain::request::{Digits, Role};
use crate::domain::touch::Touch;

/// Whether the PINs are kept, and who may choose them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PinState {
    /// Both are.
    Set,
    /// They never were: whoever stands at the screen chooses them.
    ToChoose,
    /// They were lost with a damaged book. Whoever comes by must not make themselves the
    /// administrator of what was saved: they are chosen with a command.
    Lost,
}

/// What the PIN pad asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PinAsk {
    /// The PIN of a guard or an administrator.
    Unlock,
    /// First start: choose the administrator's PIN.
    ChooseAdministrator,
    /// First start: the administrator's PIN once more.
    RepeatAdministrator,
    /// First start: choose the guards' PIN.
    ChooseGuard,
    /// First start: the guards' PIN once more.
    RepeatGuard,
    /// Nothing: the PINs are [`PinState::Lost`].
    Lost,
}

/// The PIN pad.
#[derive(Clone, PartialEq, Eq)]
pub struct Pad {
    /// What it asks for.
    pub ask: PinAsk,
    pub(super) digits: String,
    /// What was chosen before: to be repeated, or the administrator's while the guards' is asked.
    chosen: String,
    administrator: String,
    /// A PIN is being checked.
    pub(super) waiting: bool,
}

impl std::fmt::Debug for Pad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pad({:?})", self.ask)
    }
}

impl Pad {
    pub(super) const fn new(ask: PinAsk) -> Self {
        Self {
            ask,
            digits: String::new(),
            chosen: String::new(),
            administrator: String::new(),
            waiting: false,
        }
    }

    /// How many digits are asked for. One that was chosen may have fewer than are asked for today.
    const fn shortest(&self) -> usize {
        match self.ask {
            PinAsk::Unlock => 1,
            PinAsk::ChooseAdministrator
            | PinAsk::RepeatAdministrator
            | PinAsk::ChooseGuard
            | PinAsk::RepeatGuard
            | PinAsk::Lost => policy::PIN_DIGITS_MIN,
        }
    }

    /// How many digits have been typed.
    #[must_use]
    pub fn digits_typed(&self) -> u8 {
        u8::try_from(self.digits.len()).unwrap_or(u8::MAX)
    }
}

impl Guard {
    #[expect(clippy::wildcard_enum_match_arm, reason = "touches not of this screen are ignored")]
    pub(super) fn at_pad(&mut self, mut pad: Pad, touch: Touch, now: Now) -> Option<GuardWish> {
        let mut wish = None;
        match touch {
            Touch::Back => return Some(self.close()),
            _ if pad.ask == PinAsk::Lost => {}
            _ if pad.waiting || self.wait_until > now.mono => {}
            Touch::Key(key) => {
                edit_digits(&mut pad.digits, key, policy::PIN_DIGITS_MAX);
            }
            Touch::Next if pad.digits.len() < pad.shortest() => {
                self.complaint = Some(Complaint::PinShort);
            }
            Touch::Next => wish = self.pin_entered(&mut pad),
            _ => {}
        }
        self.screen = GuardScreen::Pin(pad);
        wish
    }

    /// The store has checked a PIN that was entered in this session. It opens nothing for whoever
    /// has left the pad since; a wrong one counts all the same.
    pub fn handle_pin_checked(&mut self, session: u32, role: Option<Role>, now: Mono) {
        let is_awaited = session == self.session;
        if is_awaited && let GuardScreen::Pin(pad) = &mut self.screen {
            pad.waiting = false;
            pad.digits.clear();
        }
        if role.is_some() {
            if is_awaited {
                self.role = role;
                self.wrong_tries = 0;
                self.screen = GuardScreen::List;
            }
            return;
        }
        if is_awaited {
            self.complaint = Some(Complaint::PinWrong);
        }
        self.wrong_tries = self.wrong_tries.saturating_add(1);
        self.wait_until = now + wait_after(self.wrong_tries);
    }

    /// The PINs are kept; whoever chose them is the administrator.
    pub fn handle_pins_set(&mut self, session: u32) {
        self.pins = PinState::Set;
        if session != self.session {
            self.lock();
            return;
        }
        self.role = Some(Role::Administrator);
        self.screen = GuardScreen::List;
    }

    /// A whole PIN has been entered.
    fn pin_entered(&mut self, pad: &mut Pad) -> Option<GuardWish> {
        let pin = std::mem::take(&mut pad.digits);
        match pad.ask {
            PinAsk::Unlock => {
                pad.waiting = true;
                return Some(GuardWish::CheckPin(Digits(pin)));
            }
            PinAsk::Lost => {}
            PinAsk::ChooseGuard if pin == pad.administrator => {
                self.complaint = Some(Complaint::PinTaken);
            }
            PinAsk::ChooseAdministrator | PinAsk::ChooseGuard => {
                pad.chosen = pin;
                pad.ask = if pad.ask == PinAsk::ChooseGuard {
                    PinAsk::RepeatGuard
                } else {
                    PinAsk::RepeatAdministrator
                };
            }
            PinAsk::RepeatAdministrator if pin == pad.chosen => {
                pad.administrator = pin;
                pad.ask = PinAsk::ChooseGuard;
            }
            PinAsk::RepeatGuard if pin == pad.chosen => {
                pad.waiting = true;
                let administrator = Digits(std::mem::take(&mut pad.administrator));
                return Some(GuardWish::SetPins { administrator, guard: Digits(pin) });
            }
            PinAsk::RepeatAdministrator => {
                self.complaint = Some(Complaint::PinsDiffer);
                pad.ask = PinAsk::ChooseAdministrator;
            }
            PinAsk::RepeatGuard => {
                self.complaint = Some(Complaint::PinsDiffer);
                pad.ask = PinAsk::ChooseGuard;
            }
        }
        None
    }
}

pub(super) const fn first_ask(pins: PinState) -> PinAsk {
    match pins {
        PinState::Set => PinAsk::Unlock,
        PinState::ToChoose => PinAsk::ChooseAdministrator,
        PinState::Lost => PinAsk::Lost,
    }
}

/// The wait after so many wrong PINs in a row: nothing for the first few, then doubling.
fn wait_after(wrong_tries: u32) -> Duration {
    let Some(doublings) = wrong_tries.checked_sub(policy::PIN_FREE_TRIES) else {
        return Duration::ZERO;
    };
    policy::PIN_WAIT_FIRST.saturating_mul(2_u32.saturating_pow(doublings)).min(policy::PIN_WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_its_limit() {
        let waits: Vec<u64> = (1..=12).map(|tries| wait_after(tries).as_secs()).collect();
        assert_eq!(waits, [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(wait_after(u32::MAX), policy::PIN_WAIT_MAX);
    }
}
