//! Rows on their way from a server: those that are here, and the line that more of them come from.
//!
//! Called by `connection`, which fills it, and by `statement`, which takes rows out.

use std::collections::VecDeque;
use std::pin::Pin;

use tokio_postgres::{Row, RowStream};

use crate::book::error::BookError;

/// Rows on their way.
#[derive(Default)]
pub(super) struct Coming {
    /// Those that are here.
    pub(super) here: VecDeque<Row>,
    /// Where more of them come from; none: these are the last.
    pub(super) from: Option<Pin<Box<RowStream>>>,
    /// What went wrong behind those that are here.
    pub(super) failed: Option<BookError>,
}
