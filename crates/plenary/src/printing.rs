//! What commands print. Whoever reads it may stop early (`plenary pack diff … | head`): the command goes on to its end, and
//! says no more.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process;

/// Prints a line of the answer.
macro_rules! say {
    ($($part:tt)*) => { $crate::printing::line(format_args!($($part)*)) };
}

/// Prints a line about what is done, beside the answer.
macro_rules! aside {
    ($($part:tt)*) => { $crate::printing::line_aside(format_args!($($part)*)) };
}

pub(crate) fn line(text: Arguments<'_>) {
    let mut answer = io::stdout().lock();
    match writeln!(answer, "{text}").and_then(|()| answer.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        // A file that takes no more: half an answer must not look like a whole one.
        Err(error) => {
            line_aside(format_args!("plenary: the answer cannot be written: {error}"));
            process::exit(1);
        }
    }
}

pub(crate) fn line_aside(text: Arguments<'_>) {
    // Where nobody hears it, there is nobody to be told.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
