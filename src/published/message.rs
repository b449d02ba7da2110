//! The small messages within the files, as their public protocol files have them. Fields that are
//! not listed are passed over.

use prost::Message;

/// `SignatureInfo` of Google's `export.proto`: who signed, and how.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Signer {
    #[prost(string, tag = "3")]
    pub version: String,
    #[prost(string, tag = "4")]
    pub id: String,
    #[prost(string, tag = "5")]
    pub algorithm: String,
}

/// `TEKSignature`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Signature {
    #[prost(message, optional, tag = "1")]
    pub signer: Option<Signer>,
    #[prost(int32, optional, tag = "2")]
    pub batch_num: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    pub batch_size: Option<i32>,
    #[prost(bytes = "vec", tag = "4")]
    pub bytes: Vec<u8>,
}

/// `TEKSignatureList`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Signatures {
    #[prost(message, repeated, tag = "1")]
    pub signatures: Vec<Signature>,
}

/// `TemporaryExposureKey`.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct ExposureKey {
    #[prost(bytes = "vec", tag = "1")]
    pub key: Vec<u8>,
    #[prost(int32, tag = "2")]
    pub transmission_risk: i32,
    #[prost(int32, tag = "3")]
    pub rolling_start: i32,
    /// Left out by servers where it is a whole day.
    #[prost(int32, optional, tag = "4")]
    pub rolling_period: Option<i32>,
    #[prost(int32, tag = "5")]
    pub report: i32,
    #[prost(sint32, optional, tag = "6")]
    pub onset_days: Option<i32>,
}

/// `ProtoExposee` of DP-3T.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct Exposee {
    #[prost(bytes = "vec", tag = "2")]
    pub key: Vec<u8>,
    #[prost(int64, tag = "3")]
    pub key_date_ms: i64,
}

/// `CheckInProtectedReport` of the Corona-Warn-App.
#[derive(Clone, PartialEq, Eq, Message)]
pub(super) struct SealedWarning {
    #[prost(bytes = "vec", tag = "1")]
    pub location_hash: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub iv: Vec<u8>,
    #[prost(bytes = "vec", tag = "3")]
    pub record: Vec<u8>,
    #[prost(bytes = "vec", tag = "4")]
    pub mac: Vec<u8>,
}
