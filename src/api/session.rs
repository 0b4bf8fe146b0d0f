//! A book as one caller may use it: what every call of the contract begins with.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;

use super::held::Plans;
use super::types::{EngineEvent, Loading};
use super::{ApiError, Caller, Code, Options, Result, Right};
use crate::engine::Engine;

/// An open book as one caller may use it. Clones share the book and the plans that are held.
#[derive(Debug, Clone)]
pub struct Session {
    pub(super) engine: Engine,
    pub(super) caller: Arc<Caller>,
    pub(super) plans: Arc<Plans>,
}

impl Session {
    /// Opens a book for this caller.
    pub fn open(options: Options, caller: Caller) -> Result<Self> {
        Ok(Self {
            engine: Engine::open(options)?.acting_for(&caller.who),
            caller: Arc::new(caller),
            plans: Arc::default(),
        })
    }

    /// The same book, and the plans that are held of it, for somebody else.
    #[must_use]
    pub fn for_caller(&self, caller: Caller) -> Self {
        let engine = self.engine.acting_for(&caller.who);
        Self { engine, caller: Arc::new(caller), plans: Arc::clone(&self.plans) }
    }

    /// Who asks.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// What the book tells without being asked, from now on. Signals, not data: who wants more asks.
    pub fn subscribe(&self) -> Result<UnboundedReceiver<EngineEvent>> {
        self.need(Right::Read)?;
        Ok(self.engine.subscribe())
    }

    /// How far the index is loaded.
    pub fn loading(&self) -> Loading {
        self.engine.loading()
    }

    /// Waits until lists and custom fields are read: what criteria are made with.
    pub fn wait_until_known(&self) -> Result<()> {
        self.engine.wait_until_known()
    }

    /// Waits until the index is complete.
    pub fn wait_until_loaded(&self) -> Result<()> {
        self.engine.wait_until_loaded()
    }

    /// Refuses where the caller lacks a right; says which.
    pub(super) fn need(&self, right: Right) -> Result<()> {
        if self.caller.may(right) {
            return Ok(());
        }
        let said = format!("access denied: this needs {}; nothing was changed", right.word());
        Err(ApiError::of(Code::Forbidden { missing: right }, said))
    }
}
