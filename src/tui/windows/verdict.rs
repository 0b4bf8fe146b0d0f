//! What a key meant in a window: nothing yet, no, or something to do.

/// What a key meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<T = ()> {
    /// Nothing yet: the window stays open.
    Open,
    /// Go back: nothing is done.
    Close,
    /// Do this.
    Do(T),
}
