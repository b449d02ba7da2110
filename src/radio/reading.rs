//! One reading of a phone's id: connect, ask for the value ([`att`]), let the phone go.
//!
//! It has a socket of its own to the kernel, as bluetoothd has one for each phone it is told to
//! connect to. Through bluetoothd a phone that demands encryption for its value would be asked to
//! pair, which nobody can forbid it (`docs/adr/0012-reading-over-a-socket-of-our-own.md`).
//!
//! The device that BlueZ keeps for a phone is removed afterwards, so that no address stays behind.

use std::io;
use std::time::Duration;

use bluer::l2cap::{Security, SecurityLevel, SeqPacket, Socket, SocketAddr};
use bluer::{Adapter, AddressType};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{interval, timeout};

use super::att::{self, Enquiry, Next};
use super::patience::answer;
use crate::domain::advert::Address;
use crate::domain::asking::{Outcome, Question};

/// An answer that is so much later than it had to be does not come any more.
const ANSWER_SLACK: Duration = Duration::from_secs(1);

/// BlueZ takes 2 s to let a phone go.
const LET_GO_WITHIN: Duration = Duration::from_secs(5);

/// A phone that is not connected to by then has gone, or taken another address: it was heard in the last
/// seconds, advertises once in 1.3 s or more often, and the scan rests while it is waited for. The kernel
/// gives up 4 s after an advert, and some kernels (6.1.192) fail over a socket that is still open then.
const CONNECTED_WITHIN: Duration = Duration::from_secs(2);

/// How often it is asked whether the connection is there: as often as a phone can answer.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The fixed channel of the attribute protocol (Bluetooth Core 5.4, vol 3 part A, 2.1).
const ATTRIBUTE_CHANNEL: u16 = 4;

/// A connection that is neither encrypted nor paired for.
const OPEN: Security = Security { level: SecurityLevel::Low, key_size: 0 };

/// An adapter that phones are read with.
#[derive(Clone, Debug)]
pub struct Reader {
    adapter: Adapter,
    own: DeviceAddress,
}

/// The address of an adapter or a phone, and its kind. An adapter that was made without a public one has a random one that stays.
type DeviceAddress = (bluer::Address, AddressType);

impl Reader {
    /// Switches the adapter on and asks for its address.
    ///
    /// # Errors
    ///
    /// When BlueZ refuses.
    pub async fn of(adapter: Adapter) -> bluer::Result<Self> {
        adapter.set_powered(true).await?;
        let own = (adapter.address().await?, adapter.address_type().await?);
        Ok(Self { adapter, own })
    }

    /// Whether it is still there and switched on.
    pub(super) async fn is_ready(&self) -> bool {
        answer(self.adapter.is_powered()).await == Some(true)
    }
}

/// A reading under way. It goes on by itself.
#[derive(Debug)]
pub struct Attempt {
    address: Address,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Outcome>,
}

impl Attempt {
    /// Begins a reading in the tokio runtime that it is called in. It ends after `within`.
    #[must_use]
    pub fn begin(reader: &Reader, question: Question, within: Duration) -> Self {
        let (stop, stopped) = oneshot::channel();
        let question = Question { within, ..question };
        let task = tokio::spawn(attempt(reader.clone(), question, stopped));
        Self { address: question.address, stop: Some(stop), task }
    }

    /// Ends it; [`Self::ended`] then comes soon.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            stop.send(()).ok();
        }
    }

    /// Waits for the end: who was asked, and what came of it. It may be dropped at any time.
    pub async fn ended(&mut self) -> (Address, Outcome) {
        (self.address, (&mut self.task).await.unwrap_or(Outcome::Busy))
    }
}

/// The socket has a thread of its own, which is not waited for for long: where the kernel fails over
/// the socket, it is that thread that it takes along or keeps.
async fn attempt(reader: Reader, question: Question, stopped: oneshot::Receiver<()>) -> Outcome {
    let (stop, told_to_stop) = oneshot::channel();
    let (tell, mut told) = oneshot::channel();
    let own = reader.own;
    let thread = std::thread::Builder::new().name("reading".to_owned());
    if thread.spawn(move || converse(own, question, told_to_stop, tell)).is_err() {
        return Outcome::Busy;
    }
    let within = question.within + ANSWER_SLACK;
    let outcome = tokio::select! {
        outcome = timeout(within, &mut told) => {
            outcome.ok().and_then(Result::ok).unwrap_or(Outcome::TimedOut)
        }
        // Told so, or nobody waits for the answer any more.
        _ = stopped => {
            stop.send(()).ok();
            let outcome = timeout(ANSWER_SLACK, &mut told).await;
            outcome.ok().and_then(Result::ok).unwrap_or(Outcome::Stopped)
        }
    };
    // The kernel ends the connection 2 s after the socket was closed. Nobody waits.
    tokio::spawn(async move {
        let let_go = reader.adapter.remove_device(bluer::Address::new(question.address.bytes));
        drop(timeout(LET_GO_WITHIN, let_go).await);
    });
    outcome
}

/// Speaks to the phone, tells the outcome, and only then closes the socket.
fn converse(
    own: DeviceAddress,
    question: Question,
    stopped: oneshot::Receiver<()>,
    tell: oneshot::Sender<Outcome>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return drop(tell.send(Outcome::Busy)) };
    runtime.block_on(async {
        let mut phone = None;
        let outcome = tokio::select! {
            outcome = timeout(question.within, read(&mut phone, own, &question)) => {
                outcome.ok().and_then(Result::ok).unwrap_or(Outcome::TimedOut)
            }
            _ = stopped => Outcome::Stopped,
        };
        // Whoever has asked may have gone.
        tell.send(outcome).ok();
        drop(phone);
    });
}

async fn read(
    phone: &mut Option<SeqPacket>,
    own: DeviceAddress,
    question: &Question,
) -> io::Result<Outcome> {
    timeout(CONNECTED_WITHIN, connect(phone, own, question.address)).await??;
    let phone = phone.as_ref().ok_or(io::ErrorKind::NotConnected)?;
    let (mut enquiry, first) = Enquiry::begin(question.network.reads());
    phone.send(&first).await?;
    let mut packet = [0; att::PACKET_BYTES_MAX];
    loop {
        let len = phone.recv(&mut packet).await?;
        if len == 0 {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        match enquiry.handle(packet.get(..len).unwrap_or_default()) {
            Next::Send(next) => drop(phone.send(&next).await?),
            Next::Wait => {}
            Next::Ended(outcome) => return Ok(outcome),
        }
    }
}

async fn connect(
    phone: &mut Option<SeqPacket>,
    own: DeviceAddress,
    address: Address,
) -> io::Result<()> {
    let socket = Socket::new_seq_packet()?;
    socket.bind(on_attribute_channel(own))?;
    socket.set_security(OPEN)?;
    let kind = if address.random { AddressType::LeRandom } else { AddressType::LePublic };
    let far = on_attribute_channel((bluer::Address::new(address.bytes), kind));
    let phone = phone.insert(socket.connect(far).await?);
    // A socket can be written to before it connects, for which bluer then takes it for connected.
    let mut look = interval(LOOK_EVERY);
    while phone.as_ref().conn_info().is_err() {
        phone.peer_addr()?;
        look.tick().await;
    }
    Ok(())
}

const fn on_attribute_channel((addr, addr_type): DeviceAddress) -> SocketAddr {
    SocketAddr { addr, addr_type, psm: 0, cid: ATTRIBUTE_CHANNEL }
}
