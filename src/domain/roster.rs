//! Who is inside: a fold of the entries of the book.
