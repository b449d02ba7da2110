//! The messages inside a venue's code, as protobuf writes them. Corona-Warn-App took the outer one
//! over from `CrowdNotifier`; the two differ in what they put into it.
//!
//! Only their form stands here; what belongs into them say [`super::code`] and
//! [`super::crowd_notifier`]. None of them shows what is in it: of a code that changes daily, those
//! of other days are nobody's business.

use std::fmt;

/// `QRCodePayload`: what the code says.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(super) struct QrCodePayload {
    #[prost(uint32, tag = "1")]
    pub(super) version: u32,
    /// A `TraceLocation`, whose fields are numbered differently by the two.
    #[prost(bytes = "vec", tag = "2")]
    pub(super) location: Vec<u8>,
    #[prost(message, optional, tag = "3")]
    pub(super) crowd_notifier: Option<CrowdNotifierData>,
    /// For the country's own app.
    #[prost(bytes = "vec", tag = "4")]
    pub(super) country: Vec<u8>,
}

/// `CrowdNotifierData`.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(super) struct CrowdNotifierData {
    #[prost(uint32, tag = "1")]
    pub(super) version: u32,
    #[prost(bytes = "vec", tag = "2")]
    pub(super) public_key: Vec<u8>,
    #[prost(bytes = "vec", tag = "3")]
    pub(super) seed: Vec<u8>,
    #[prost(uint32, tag = "4")]
    pub(super) kind: u32,
}

/// `TraceLocation` of Corona-Warn-App for a place that stays: without its times, fields 5 and 6.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(super) struct LastingLocation {
    #[prost(uint32, tag = "1")]
    pub(super) version: u32,
    #[prost(string, tag = "2")]
    pub(super) description: String,
    #[prost(string, tag = "3")]
    pub(super) address: String,
}

/// `TraceLocation` of `CrowdNotifier`, in seconds since 1970.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(super) struct TimedLocation {
    #[prost(uint32, tag = "1")]
    pub(super) version: u32,
    #[prost(string, tag = "2")]
    pub(super) description: String,
    #[prost(string, tag = "3")]
    pub(super) address: String,
    #[prost(uint64, tag = "4")]
    pub(super) start: u64,
    #[prost(uint64, tag = "5")]
    pub(super) end: u64,
}

/// `CWALocationData`.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub(super) struct CwaLocationData {
    #[prost(uint32, tag = "1")]
    pub(super) version: u32,
    #[prost(uint32, tag = "2")]
    pub(super) kind: u32,
    #[prost(uint32, tag = "3")]
    pub(super) default_check_in_minutes: u32,
}

macro_rules! shows_nothing {
    ($($message:ident),+) => {$(
        impl fmt::Debug for $message {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($message), "(…)"))
            }
        }
    )+};
}
shows_nothing!(QrCodePayload, CrowdNotifierData, LastingLocation, TimedLocation, CwaLocationData);
