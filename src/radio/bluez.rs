//! A thread that keeps BlueZ scanning, and answers what it is ordered to do. It hears nothing
//! itself and decides nothing: which remedy comes when is [`radio_health`]'s business.
//!
//! Each beginning has connections of its own, in a runtime of its own that ends with them. So
//! whatever went away (bluetoothd, the bus, the adapter) nothing of it lives on: neither a match
//! nor a task nor a queue.
//!
//! bluer switches the adapter on and registers the advertisement monitor, which matches nobody. It
//! is there because the kernel asks the controller to keep repeated adverts to itself unless there
//! is one (measured with BlueZ 5.66: 0.3 instead of 7.6 reports a second). [`super::discovery`] is
//! the search, [`super::reading`] connects to phones.
//!
//! [`radio_health`]: crate::domain::radio_health

use std::io;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::adapters::{self, is_switched_off};
use super::apart::Apart;
use super::choice::Choice;
use super::discovery::{Discovery, Tell};
use super::patience::{LOOK_EVERY, answer};
use super::reading::{Attempt, Reader};
use super::rebinding::Rebinding;
use super::repeats::Repeats;
use super::signals::{self, Outlet};
use crate::domain::advert::Address;
use crate::domain::asking::{Ask, Outcome};
use crate::domain::radio_health::{News, Obstacle, Remedy};

/// Something to be done by the thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// Answered with one [`Message::News`].
    Remedy(Remedy),
    /// A question is answered with one [`Message::Read`]; one at a time.
    Ask(Ask),
}

/// What the thread has to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Message {
    /// The answer to a remedy, or that something has changed.
    News(News),
    /// From now on the adapter of this name is used.
    Adapter(String),
    /// Whether phones are read with an adapter of its own from now on.
    Apart(bool),
    /// Who was asked for the id, and what came of it.
    Read(Address, Outcome),
    /// The adapter is there: whether it is part of the machine.
    Found {
        /// Nobody can pull it out.
        is_built_in: bool,
    },
    /// For the journal; it names no phone.
    Remark(String),
}

/// The kiosk's side of the thread.
#[derive(Debug)]
pub struct Bluez {
    /// Orders that may wait: there is one at a time, and room for those to come.
    pub orders: mpsc::Sender<Order>,
    /// What it has to say.
    pub messages: mpsc::Receiver<Message>,
}

impl Bluez {
    /// Starts the thread for an adapter such as `hci0`, in whose place another is used where it is not
    /// there. It does nothing before it is ordered to,
    /// and ends when `orders` is dropped. With an `outlet` it also listens to BlueZ's signals.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn start(
        adapter: String,
        reads: Option<String>,
        outlet: Option<Outlet>,
    ) -> io::Result<Self> {
        let (orders, incoming) = mpsc::channel(16);
        let (outgoing, messages) = mpsc::channel(16);
        let rebinding = Rebinding::of_this_machine();
        let mut keeper = Keeper {
            choice: Choice::of(adapter),
            apart: Apart::of(reads),
            started: Instant::now(),
            outlet,
            rebinding,
            orders: incoming,
            messages: outgoing,
            remark: "",
        };
        std::thread::Builder::new().name("bluez".to_owned()).spawn(move || keeper.run())?;
        Ok(Self { orders, messages })
    }
}

struct Keeper {
    choice: Choice,
    apart: Apart,
    started: Instant,
    outlet: Option<Outlet>,
    rebinding: Rebinding,
    orders: mpsc::Receiver<Order>,
    messages: mpsc::Sender<Message>,
    /// The last remark, which is not repeated.
    remark: &'static str,
}

/// What is held while it listens. Dropping it ends all of it.
struct Listening {
    session: bluer::Session,
    adapter: bluer::Adapter,
    reader: Reader,
    discovery: Discovery,
    repeats: Repeats,
    /// Absent where the monitor channel is listened to.
    _signals: Option<signals::Listening>,
}

impl Keeper {
    fn run(&mut self) {
        let mut next = None;
        loop {
            let Some(order) = next.take().or_else(|| self.orders.blocking_recv()) else { return };
            let remedy = match order {
                Order::Remedy(remedy) => remedy,
                Order::Ask(Ask::Read(question)) => {
                    let busy = Message::Read(question.address, Outcome::Busy);
                    drop(self.messages.blocking_send(busy));
                    continue;
                }
                Order::Ask(Ask::Stop) => continue,
            };
            match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => {
                    next = runtime.block_on(self.live(remedy));
                    runtime.shutdown_background();
                }
                Err(_) => self.blocking_news(News::Down(Obstacle::Refused)),
            }
        }
    }

    /// Carries out the order and listens from then on. Returns when that has come to an end, with
    /// the order that is the reason.
    async fn live(&mut self, remedy: Remedy) -> Option<Order> {
        if let Some(is_built_in) = adapters::is_built_in(self.choice.last()) {
            drop(self.messages.send(Message::Found { is_built_in }).await);
        }
        let rebound = remedy != Remedy::Rebind || self.rebinding.ask(self.choice.last()).await;
        let mut listening = match self.listen(remedy == Remedy::PowerCycle).await {
            Ok(listening) => listening,
            Err(obstacle) => {
                self.news(News::Down(obstacle)).await;
                return None;
            }
        };
        self.news(if rebound { News::Listening } else { News::Unable }).await;
        let mut attempt = None;
        let next = self.attend(&mut listening, &mut attempt).await;
        // A phone is let go before the connection to BlueZ is.
        if let Some(mut attempt) = attempt {
            attempt.stop();
            let (address, outcome) = attempt.ended().await;
            self.tell_read(address, outcome).await;
        }
        next
    }

    /// Until listening has come to an end, with the order that is the reason.
    async fn attend(
        &mut self,
        listening: &mut Listening,
        attempt: &mut Option<Attempt>,
    ) -> Option<Order> {
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                order = self.orders.recv() => match order? {
                    Order::Remedy(Remedy::RestartDiscovery) => {
                        if let Err(obstacle) = self.restart(listening).await {
                            self.news(News::Down(obstacle)).await;
                            return None;
                        }
                        self.news(News::Listening).await;
                    }
                    order @ Order::Remedy(Remedy::Start | Remedy::PowerCycle | Remedy::Rebind) => {
                        return Some(order);
                    }
                    Order::Ask(Ask::Read(question)) if attempt.is_some() => {
                        self.tell_read(question.address, Outcome::Busy).await;
                    }
                    Order::Ask(Ask::Read(question)) => {
                        *attempt = Some(match self.apart.reader() {
                            Some(apart) => Attempt::begin(apart, question, question.longest()),
                            None => Attempt::begin(&listening.reader, question, question.within),
                        });
                    }
                    Order::Ask(Ask::Stop) => if let Some(attempt) = attempt {
                        attempt.stop();
                    },
                },
                (address, outcome) = end_of(attempt) => {
                    *attempt = None;
                    look.reset();
                    self.tell_read(address, outcome).await;
                }
                // The monitor is for nobody; if bluetoothd lets it go, all begins anew.
                event = listening.repeats.next() => if event.is_none() {
                    let why = self.still_listens(listening).await.err();
                    self.news(News::Down(why.unwrap_or(Obstacle::NoBluez))).await;
                    return None;
                },
                // BlueZ may say that it does not discover while it connects.
                _ = look.tick(), if attempt.is_none() => {
                    if let Err(obstacle) = self.still_listens(listening).await {
                        self.news(News::Down(obstacle)).await;
                        return None;
                    }
                    self.look_apart(&listening.session, &listening.adapter).await;
                    listening.repeats.look(&listening.adapter).await;
                    self.remark_monitor(listening.repeats.is_held()).await;
                }
            }
        }
    }

    async fn listen(&mut self, power_cycle: bool) -> Result<Listening, Obstacle> {
        let session = answer(bluer::Session::new()).await.ok_or(Obstacle::NoBus)?;
        self.apart.forget();
        let adapter = match self.choose(&session).await {
            Err(Obstacle::NoAdapter) if self.rebinding.has_kept(self.choice.last()) => {
                return Err(Obstacle::Refused);
            }
            found => found?,
        };
        if power_cycle {
            answer(adapter.set_powered(false)).await;
        }
        let reader = answer(Reader::of(adapter.clone())).await.ok_or_else(|| self.refused())?;
        let repeats = Repeats::of(&adapter).await;
        self.remark_monitor(repeats.is_held()).await;
        let (resource, connection) =
            dbus_tokio::connection::new_system_sync().map_err(|_| Obstacle::NoBus)?;
        tokio::spawn(resource);
        let (mut signals, mut tell) = (None, Tell::Nobody);
        if let Some(outlet) = self.outlet.clone() {
            let listen = signals::listen(Arc::clone(&connection), adapter.name(), outlet);
            signals = Some(answer(listen).await.ok_or(Obstacle::NoBluez)?);
            tell = Tell::Everybody;
        }
        let begin = Discovery::begin(connection, adapter.name(), tell);
        let discovery = answer(begin).await.ok_or_else(|| self.refused())?;
        self.look_apart(&session, &adapter).await;
        Ok(Listening { session, adapter, reader, discovery, repeats, _signals: signals })
    }

    /// The adapter to be used, as BlueZ knows it.
    async fn choose(&mut self, session: &bluer::Session) -> Result<bluer::Adapter, Obstacle> {
        let names = answer(session.adapter_names()).await.ok_or(Obstacle::NoBluez)?;
        let before = self.choice.last().to_owned();
        let chosen = self.choice.choose(&names, self.started.elapsed());
        let chosen = chosen.ok_or(Obstacle::NoAdapter)?.to_owned();
        if chosen != before {
            drop(self.messages.send(Message::Adapter(chosen.clone())).await);
        }
        session.adapter(&chosen).map_err(|_| Obstacle::NoAdapter)
    }

    async fn look_apart(&mut self, session: &bluer::Session, listens: &bluer::Adapter) {
        if let Some((is_there, words)) = self.apart.look(session, listens.name()).await {
            drop(self.messages.send(Message::Apart(is_there)).await);
            drop(self.messages.send(Message::Remark(words)).await);
        }
    }

    async fn restart(&self, listening: &Listening) -> Result<(), Obstacle> {
        answer(listening.discovery.restart()).await.ok_or_else(|| self.refused())
    }

    async fn still_listens(&self, listening: &Listening) -> Result<(), Obstacle> {
        let Some(powered) = answer(listening.adapter.is_powered()).await else {
            let is_there = adapters::exists(self.choice.last());
            return Err(if is_there { Obstacle::NoBluez } else { Obstacle::NoAdapter });
        };
        if !powered {
            return Err(self.refused());
        }
        match answer(listening.adapter.is_discovering()).await {
            Some(true) => Ok(()),
            Some(false) => Err(Obstacle::Refused),
            None => Err(Obstacle::NoBluez),
        }
    }

    fn refused(&self) -> Obstacle {
        if is_switched_off(self.choice.last()) { Obstacle::SwitchedOff } else { Obstacle::Refused }
    }

    async fn remark_monitor(&mut self, has_one: bool) {
        let remark = if has_one {
            ""
        } else {
            "there is no advertisement monitor, so phones that stay are heard seldom: see \
             `kiosk check`"
        };
        if remark != self.remark {
            self.remark = remark;
            if !remark.is_empty() {
                drop(self.messages.send(Message::Remark(remark.to_owned())).await);
            }
        }
    }

    /// The kiosk may have ended; then the orders end as well.
    async fn news(&self, news: News) {
        drop(self.messages.send(Message::News(news)).await);
    }

    async fn tell_read(&self, address: Address, outcome: Outcome) {
        drop(self.messages.send(Message::Read(address, outcome)).await);
    }

    fn blocking_news(&self, news: News) {
        drop(self.messages.blocking_send(Message::News(news)));
    }
}

/// Looks whether BlueZ can be made to listen with this adapter, and whether it offers
/// advertisement monitors. Nothing is changed.
///
/// # Errors
///
/// The obstacle.
pub fn survey(adapter: &str) -> Result<bool, Obstacle> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|_| Obstacle::Refused)?;
    let found = runtime.block_on(async {
        let session = answer(bluer::Session::new()).await.ok_or(Obstacle::NoBus)?;
        let adapter = find(&session, adapter).await?;
        Ok(answer(adapter.monitor()).await.is_some())
    });
    runtime.shutdown_background();
    found
}

/// BlueZ's adapter of this name.
async fn find(session: &bluer::Session, adapter: &str) -> Result<bluer::Adapter, Obstacle> {
    let names = answer(session.adapter_names()).await.ok_or(Obstacle::NoBluez)?;
    if !names.iter().any(|name| name == adapter) {
        return Err(Obstacle::NoAdapter);
    }
    session.adapter(adapter).map_err(|_| Obstacle::NoAdapter)
}

/// The end of a reading; never without one.
async fn end_of(attempt: &mut Option<Attempt>) -> (Address, Outcome) {
    match attempt {
        Some(attempt) => attempt.ended().await,
        None => std::future::pending().await,
    }
}
