//! Who may publish keys.

/// A health authority's public key, as its settings name it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Authority {
    /// What the authority calls the key, often the country's mobile code, such as "452".
    pub id: String,
    /// Which of its keys, such as "v1".
    pub version: String,
    /// The key: an X.509 `SubjectPublicKeyInfo` of a point of P-256, in DER.
    pub public_key: Vec<u8>,
}
