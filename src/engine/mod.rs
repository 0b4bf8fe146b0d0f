//! Floor 3: THE API. Owns threads, channels, cancellation and the clock; keeps the index in step with
//! the store; runs imports and jobs. Every face makes the same calls.

pub mod answer;
pub mod error;

pub use error::EngineError;
