//! The mailing-list API's errors: numbers, with a sentence that holds no square bracket, since one of its clients cuts
//! the text at them.

use crate::api::{ApiError, ErrorKind};

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RpcError {
    /// The API's code.
    pub code: i64,
    message: String,
}

impl RpcError {
    /// An error of this code.
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// What happened, what was not touched, what to do next.
    pub fn message(&self) -> String {
        self.message.replace(['\n', '\r'], " ").replace('[', "(").replace(']', ")")
    }
}

impl From<ApiError> for RpcError {
    fn from(error: ApiError) -> Self {
        let own = error.code.service().and_then(|code| match code {
            "NEITHER_FILTER_NOR_SEARCH" => Some(310),
            code => code.parse().ok(),
        });
        let code = own.unwrap_or_else(|| match error.kind() {
            ErrorKind::BadInput if error.code.service().is_some() => 311,
            ErrorKind::BadInput => 310,
            ErrorKind::Stale | ErrorKind::Cancelled => 302,
            ErrorKind::Storage => 100,
        });
        let mut message = error.message;
        if !error.hints.is_empty() {
            message = format!("{message} ({})", error.hints.join("; "));
        }
        Self::new(code, message)
    }
}
