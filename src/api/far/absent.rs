//! A book that is served, in a program that was made without the line to one: there is none.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio::sync::mpsc::UnboundedReceiver;

use super::call::{Call, Known};
use crate::api::types::{EngineEvent, JobView};
use crate::api::{ApiError, Result};
use crate::domain::contact::JobId;
use crate::domain::plans::{Planned, UndoPlan};

/// A book that is served; never made.
#[derive(Debug)]
pub(in crate::api) enum Far {}

impl Far {
    pub(in crate::api) fn known(&self) -> Known {
        match *self {}
    }

    pub(in crate::api) fn is_read_only(&self) -> bool {
        match *self {}
    }

    pub(in crate::api) fn not_here(&self) -> ApiError {
        match *self {}
    }

    pub(in crate::api) fn ask<T: DeserializeOwned>(&self, _: &Call) -> Result<T> {
        match *self {}
    }

    pub(in crate::api) fn plan<P: Planned + DeserializeOwned>(&self, _: &Call) -> Result<P> {
        match *self {}
    }

    pub(in crate::api) fn undo_plan(&self, _: &Call) -> Result<UndoPlan> {
        match *self {}
    }

    pub(in crate::api) fn start(&self, _: &dyn Planned, _: Option<std::num::NonZeroU32>) -> Result<JobId> {
        match *self {}
    }

    pub(in crate::api) fn wait(&self, _: JobId) -> Result<JobView> {
        match *self {}
    }

    pub(in crate::api) fn running(&self) -> Vec<JobId> {
        match *self {}
    }

    pub(in crate::api) fn subscribe(self: &Arc<Self>) -> Result<UnboundedReceiver<EngineEvent>> {
        match **self {}
    }
}
