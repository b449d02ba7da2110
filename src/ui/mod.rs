//! The screens: Slint on one side, plain values on the other.

mod generated;
