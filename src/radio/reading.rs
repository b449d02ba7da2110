//! One reading of a phone's id: connect, ask for the value ([`att`]), let the phone go.
//!
//! It has a socket of its own to the kernel, as bluetoothd has one for each phone it is told to
//! connect to. Through bluetoothd a phone that demands encryption for its value would be asked to
//! pair, which nobody can forbid it (`docs/adr/0012-reading-over-a-socket-of-our-own.md`).
//! The device that BlueZ keeps for a phone is removed afterwards, so that no address stays behind.

use std::io;
use std::time::Duration;

use bluer::l2cap::{Security, SecurityLevel, SeqPacket, Socket, SocketAddr};
use bluer::{Adapter, AddressType};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{interval, timeout};

use super::att::{self, Enquiry, Next};
use crate::domain::advert::Address;
use crate::domain::asking::{Outcome, Question};
use crate::domain::network::gatt::GattId;

/// BlueZ takes 2 s to let a phone go.
const LET_GO_WITHIN: Duration = Duration::from_secs(5);

/// How often it is asked whether the connection is there: as often as a phone can answer.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The fixed channel of the attribute protocol (Bluetooth Core 5.4, vol 3 part A, 2.1).
const ATTRIBUTE_CHANNEL: u16 = 4;

/// A connection that is neither encrypted nor paired for.
const OPEN: Security = Security { level: SecurityLevel::Low, key_size: 0 };

/// A reading under way. It goes on by itself.
#[derive(Debug)]
pub struct Attempt {
    address: Address,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Outcome>,
}

impl Attempt {
    /// Begins a reading in the tokio runtime that it is called in.
    #[must_use]
    pub fn begin(adapter: Adapter, question: Question) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(attempt(adapter, question, stopped));
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

async fn attempt(adapter: Adapter, question: Question, stopped: oneshot::Receiver<()>) -> Outcome {
    let Question { address, network, within, .. } = question;
    let outcome = tokio::select! {
        outcome = timeout(within, read(&adapter, address, network.reads())) => {
            outcome.ok().and_then(Result::ok).unwrap_or(Outcome::TimedOut)
        }
        // Told so, or nobody waits for the answer any more.
        _ = stopped => Outcome::Stopped,
    };
    // The socket is closed by now, and the kernel ends the connection after 2 s. Nobody waits.
    tokio::spawn(async move {
        let let_go = adapter.remove_device(bluer::Address::new(address.bytes));
        drop(timeout(LET_GO_WITHIN, let_go).await);
    });
    outcome
}

async fn read(
    adapter: &Adapter,
    address: Address,
    wanted: &'static [GattId],
) -> io::Result<Outcome> {
    let phone = connect(adapter, address).await?;
    let (mut enquiry, first) = Enquiry::begin(wanted);
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

async fn connect(adapter: &Adapter, address: Address) -> io::Result<SeqPacket> {
    let socket = Socket::new_seq_packet()?;
    let own = adapter.address().await.map_err(io::Error::other)?;
    socket.bind(on_attribute_channel(own, AddressType::LePublic))?;
    socket.set_security(OPEN)?;
    let kind = if address.random { AddressType::LeRandom } else { AddressType::LePublic };
    let phone = on_attribute_channel(bluer::Address::new(address.bytes), kind);
    let phone = socket.connect(phone).await?;
    // A socket can be written to before it connects, for which bluer then takes it for connected.
    let mut look = interval(LOOK_EVERY);
    while phone.as_ref().conn_info().is_err() {
        phone.peer_addr()?;
        look.tick().await;
    }
    Ok(phone)
}

const fn on_attribute_channel(addr: bluer::Address, addr_type: AddressType) -> SocketAddr {
    SocketAddr { addr, addr_type, psm: 0, cid: ATTRIBUTE_CHANNEL }
}
