//! A call that was let in, as the methods get it, and what they answer.

use serde_json::Value;

use crate::api::Session;
use crate::serve::joined::Joined;
use crate::serve::jsonrpc::error::RpcError;
use crate::serve::jsonrpc::params::Params;

/// A call that was let in.
pub(in crate::serve::jsonrpc) struct Call<'a> {
    /// The book as its key may use it.
    pub(in crate::serve::jsonrpc) session: &'a Session,
    /// The calls whose jobs may still be at work.
    pub(in crate::serve::jsonrpc) joined: &'a Joined,
    /// What stands behind the key.
    pub(in crate::serve::jsonrpc) params: Params<'a>,
}

/// What a method answers.
pub(super) type Answer = Result<Value, RpcError>;
