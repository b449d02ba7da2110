//! What is wrong with something typed. The words for people are the screen's.

/// A complaint about what stands on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Complaint {
    /// A name is needed.
    NameMissing,
    /// This is no phone number: ten digits beginning with 0, or a number abroad after 00.
    PhoneWrong,
    /// The book does not know this number.
    PhoneUnknown,
    /// Nobody inside has this number.
    NobodyInside,
    /// A host is needed.
    HostMissing,
    /// A reason is needed.
    ReasonMissing,
    /// The PIN is wrong.
    PinWrong,
    /// The PIN is too short.
    PinShort,
    /// The two PINs differ.
    PinsDiffer,
    /// Both roles cannot have one PIN.
    PinTaken,
    /// Nobody more can be written in: the house is full beyond belief.
    HouseFull,
}
