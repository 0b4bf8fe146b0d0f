//! One running, one next, the latest wins: how questions that follow every key are asked.
//!
//! Used by the runtime, which runs them; it knows no thread.

use crate::api::Cancel;

/// One question under way, and the latest that waits.
pub(super) struct Latest<T> {
    running: Option<Cancel>,
    next: Option<T>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { running: None, next: None }
    }
}

impl<T> Latest<T> {
    /// Gives the question under way up; its answer is of no use any more.
    pub(super) fn cancel(&self) {
        if let Some(running) = &self.running {
            running.cancel();
        }
    }

    /// Takes a question; comes back if it is to be asked now.
    pub(super) fn offer(&mut self, question: T) -> Option<(T, Cancel)> {
        if let Some(running) = &self.running {
            running.cancel();
            self.next = Some(question);
            return None;
        }
        let cancel = Cancel::new();
        self.running = Some(cancel.clone());
        Some((question, cancel))
    }

    /// The question under way was answered; comes back with the one that waited.
    pub(super) fn answered(&mut self) -> Option<(T, Cancel)> {
        self.running = None;
        self.next.take().and_then(|question| self.offer(question))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_questions_the_first_is_cancelled_and_the_last_is_asked() {
        let mut lane = Latest::default();
        let (first, cancel) = lane.offer(1).expect("nothing runs");
        assert_eq!(first, 1);
        assert!(lane.offer(2).is_none() && lane.offer(3).is_none());
        assert!(cancel.is_cancelled(), "nobody wants the first one's answer");
        let (next, cancel) = lane.answered().expect("one waits");
        assert_eq!(next, 3);
        assert!(!cancel.is_cancelled() && lane.answered().is_none());
    }
}
