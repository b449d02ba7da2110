//! A thread that keeps on the air what it is handed, through BlueZ, and has BlueZ answer whoever
//! connects. It knows no network and decides nothing: what is sent comes as AD structures
//! ([`crate::domain::beacon`]).
//!
//! As [`super::bluez`] does, each beginning has connections of its own, in a runtime of its own
//! that ends with them; so whatever went away (bluetoothd, the bus, the adapter), nothing of it
//! lives on, and what is to be on the air is handed to BlueZ anew. The two share nothing: one
//! that is out of order does not hold up the other.

mod advert;
mod gatt;

use std::io;
use std::time::Duration;

use bluer::adv::{AdvertisementHandle, PlatformFeature};
use bluer::gatt::local::ApplicationHandle;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::choice::Choice;
use super::patience::{LOOK_EVERY, answer, rest};
use crate::domain::beacon::{Airing, Part, Plan};
use crate::domain::moment::Mono;
use crate::domain::network::gatt::GattId;
use crate::domain::pauses::Pauses;
use crate::domain::remarks::Remarks;

/// What the thread has to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum News {
    /// So many things can be on the air at once, taking turns or not.
    Sets(u8),
    /// For the journal; it names no id.
    Remark(String),
}

/// The kiosk's side of the thread.
#[derive(Debug)]
pub struct Sender {
    plans: watch::Sender<Plan>,
    news: mpsc::Receiver<News>,
    /// News that have been taken from their queue already.
    next: Option<News>,
}

impl Sender {
    /// Starts the thread for an adapter such as `hci0`, in whose place another is used where it is not
    /// there, unless it is `own`: the beacon's alone. It touches nothing before there is something to
    /// send, and ends when this is dropped.
    ///
    /// # Errors
    ///
    /// When the system gives no thread.
    pub fn start(adapter: String, own: bool) -> io::Result<Self> {
        let (plans, incoming) = watch::channel(Plan::default());
        let (outgoing, news) = mpsc::channel(16);
        let mut keeper = Keeper {
            choice: if own { Choice::only(adapter) } else { Choice::of(adapter) },
            plans: incoming,
            news: outgoing,
            started: Instant::now(),
            pauses: Pauses::default(),
            remarks: Remarks::default(),
        };
        std::thread::Builder::new().name("beacon".to_owned()).spawn(move || keeper.run())?;
        Ok(Self { plans, news, next: None })
    }

    pub(super) fn say(&self, plan: Plan) {
        self.plans.send_replace(plan);
    }

    pub(super) fn take_news(&mut self) -> Option<News> {
        self.next.take().or_else(|| self.news.try_recv().ok())
    }

    pub(super) async fn stirred(&mut self) {
        if self.next.is_none() {
            self.next = self.news.recv().await;
        }
        if self.next.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// What an adapter offers to whoever sends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Offer {
    /// Whether each advert has a set of the controller's, with an address of its own.
    pub has_sets: bool,
    /// Whether anything is sent with it now.
    pub is_sending: bool,
}

/// Looks what an adapter offers. Nothing is changed. `None` where BlueZ does not say.
#[must_use]
pub fn survey(adapter: &str) -> Option<Offer> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let found = runtime.block_on(async {
        let session = answer(bluer::Session::new()).await?;
        let adapter = session.adapter(adapter).ok()?;
        let features = answer(adapter.supported_advertising_features()).await?.unwrap_or_default();
        let active = answer(adapter.active_advertising_instances()).await?;
        let has_sets = features.contains(&PlatformFeature::HardwareOffload);
        Some(Offer { has_sets, is_sending: active > 0 })
    });
    runtime.shutdown_background();
    found
}

/// BlueZ frees the place of what was taken off the air within this time; it takes a message.
const FREED_WITHIN: Duration = Duration::from_millis(50);
/// And so often it is tried.
const TRIES: u32 = 4;

struct Keeper {
    choice: Choice,
    plans: watch::Receiver<Plan>,
    news: mpsc::Sender<News>,
    started: Instant,
    pauses: Pauses,
    remarks: Remarks,
}

/// What BlueZ holds for us. Dropping it takes all of it off the air.
struct OnAir {
    adapter: bluer::Adapter,
    airings: Vec<(Airing, AdvertisementHandle)>,
    served: Vec<GattId>,
    application: Option<ApplicationHandle>,
    // Dropped last: the others say good-bye over it.
    _session: bluer::Session,
}

impl Keeper {
    fn run(&mut self) {
        while self.plans.has_changed().is_ok() {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build()
            else {
                let remark = "the kiosk's own adverts are not on the air: the system refuses";
                drop(self.news.blocking_send(News::Remark(remark.to_owned())));
                return;
            };
            runtime.block_on(self.live());
            runtime.shutdown_background();
        }
    }

    /// From one beginning until something is lost.
    async fn live(&mut self) {
        if self.plans.wait_for(|plan| !plan.airings.is_empty()).await.is_err() {
            return;
        }
        let mut began = None;
        let why = match self.begin().await {
            Ok(mut on_air) => {
                began = Some(Instant::now());
                self.attend(&mut on_air).await
            }
            Err(why) => Some(why),
        };
        if let Some(why) = why {
            let lasted = began.map_or(Duration::ZERO, |began| began.elapsed());
            self.remark(format!("the kiosk's own adverts are not on the air: {why}")).await;
            rest(self.pauses.after(lasted)).await;
        }
    }

    async fn begin(&mut self) -> Result<OnAir, &'static str> {
        let session = answer(bluer::Session::new()).await.ok_or("there is no system bus")?;
        let names = answer(session.adapter_names()).await.ok_or("bluetoothd does not answer")?;
        let chosen = self.choice.choose(&names, self.started.elapsed());
        let adapter = chosen.and_then(|name| session.adapter(name).ok());
        let adapter = adapter.ok_or("the adapter is not there")?;
        // The adapter that listens is switched on by whoever listens, too; twice does no harm.
        answer(adapter.set_powered(true)).await.ok_or("the adapter cannot be switched on")?;
        let free = answer(adapter.supported_advertising_instances()).await;
        let free = free.ok_or("BlueZ cannot advertise with this adapter")?;
        if free == 0 {
            return Err("other programs have taken every advertising set");
        }
        drop(self.news.send(News::Sets(free)).await);
        let (airings, served, application) = (Vec::new(), Vec::new(), None);
        Ok(OnAir { adapter, airings, served, application, _session: session })
    }

    /// Returns why it has come to an end; `None` when the kiosk has ended.
    async fn attend(&mut self, on_air: &mut OnAir) -> Option<&'static str> {
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let plan = self.plans.borrow_and_update().clone();
            let refused = match on_air.put_on(&plan, &self.plans).await {
                Ok(refused) => refused,
                Err(why) => return Some(why),
            };
            let but =
                refused.map_or_else(String::new, |part| format!(", but BlueZ refuses {part}"));
            let adapter = self.choice.last();
            self.remark(format!("the kiosk's own adverts are on the air with {adapter}{but}"))
                .await;
            loop {
                tokio::select! {
                    changed = self.plans.changed() => match changed {
                        Ok(()) => break,
                        Err(_) => return None,
                    },
                    _ = look.tick() => {
                        if let Err(why) = on_air.still_sends().await {
                            return Some(why);
                        }
                        if refused.is_some() {
                            break;
                        }
                    }
                }
            }
        }
    }

    /// The kiosk may have ended; then the plans end as well.
    async fn remark(&mut self, remark: String) {
        if self.remarks.may_tell(&remark, Mono::from_start(self.started.elapsed())) {
            drop(self.news.send(News::Remark(remark)).await);
        }
    }
}

impl OnAir {
    /// Takes off the air what is not in the plan, and puts on what is missing. Returns a part that
    /// BlueZ refuses while it takes others.
    async fn put_on(
        &mut self,
        plan: &Plan,
        plans: &watch::Receiver<Plan>,
    ) -> Result<Option<Part>, &'static str> {
        let gatt: Vec<GattId> = plan.answers.iter().map(|answer| answer.gatt).collect();
        if gatt != self.served {
            drop(self.application.take());
            let application = gatt::application(&gatt, plans);
            let served = answer(self.adapter.serve_gatt_application(application)).await;
            self.application = Some(served.ok_or("BlueZ does not take the services")?);
            self.served = gatt;
        }
        let before = self.airings.len();
        self.airings.retain(|(airing, _)| plan.airings.contains(airing));
        let mut has_room = self.airings.len() == before;
        let mut refused = None;
        for airing in &plan.airings {
            if self.airings.iter().any(|(on_air, _)| on_air == airing) {
                continue;
            }
            if !std::mem::replace(&mut has_room, true) {
                rest(FREED_WITHIN).await;
            }
            match self.put_on_one(airing).await {
                Some(handle) => self.airings.push((*airing, handle)),
                None => refused = Some(airing.part),
            }
        }
        if self.airings.is_empty() && refused.is_some() {
            return Err("BlueZ does not take the adverts");
        }
        Ok(refused)
    }

    async fn put_on_one(&self, airing: &Airing) -> Option<AdvertisementHandle> {
        for _ in 0..TRIES {
            let put_on = self.adapter.advertise(advert::of(airing));
            if let Some(handle) = answer(put_on).await {
                return Some(handle);
            }
            rest(FREED_WITHIN).await;
        }
        None
    }

    async fn still_sends(&self) -> Result<(), &'static str> {
        let active = answer(self.adapter.active_advertising_instances()).await;
        let active = active.ok_or("bluetoothd or the adapter has gone")?;
        if usize::from(active) < self.airings.len() {
            return Err("BlueZ has let the adverts go");
        }
        match answer(self.adapter.is_powered()).await {
            Some(true) => Ok(()),
            Some(false) => Err("the adapter is switched off"),
            None => Err("bluetoothd or the adapter has gone"),
        }
    }
}
