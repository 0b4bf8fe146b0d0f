//! What several of the tests' programs need.

#![allow(dead_code, reason = "no program needs all of it")]

pub(crate) mod desk;
