//! The command: arguments, configuration, engine, one face, exit status.

fn main() {}
