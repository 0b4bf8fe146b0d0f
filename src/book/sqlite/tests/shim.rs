//! F1's shim in C: compiled here by `cc`, loaded before the C library of the program that is tried.
//!
//! Used by `faults` and, by its path, by `tests/faulty_imports.rs`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A fault.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) at: u64,
    pub(crate) errno: i32,
    /// Whether everything fails from there on.
    pub(crate) goes_on: bool,
}

/// Compiles the shim.
pub(crate) fn shim(folder: &Path) -> Option<PathBuf> {
    let made = folder.join("faults.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/book/sqlite/tests/faults.c");
    let compiled =
        Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&made).arg(source).arg("-ldl").status();
    compiled.is_ok_and(|status| status.success()).then_some(made)
}

/// Runs a command with a fault in files of this name: what it said, how many calls it made, and how many of
/// them failed.
pub(crate) fn with_fault(mut command: Command, shim: &Path, name: &Path, fault: Fault) -> (Output, u64, u64) {
    let told = shim.with_file_name("told");
    command
        .env("LD_PRELOAD", shim)
        .env("CARDFILE_FAULT_NAME", name)
        .env("CARDFILE_FAULT_TOLD", &told)
        .env("CARDFILE_FAULT_AT", fault.at.to_string())
        .env("CARDFILE_FAULT_ERRNO", fault.errno.to_string());
    if fault.goes_on {
        command.env("CARDFILE_FAULT_GOES_ON", "1");
    }
    let output = command.output().unwrap();
    let text = std::fs::read_to_string(&told).unwrap_or_default();
    let _ = std::fs::remove_file(told);
    let mut numbers = text.split(' ').map(|number| number.parse().unwrap_or(0));
    (output, numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}
