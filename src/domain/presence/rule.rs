//! From the features of one phone to the face of the bar: one replaceable pure function.
