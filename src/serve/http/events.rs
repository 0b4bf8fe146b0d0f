//! What happens, told while it happens: server-sent events of jobs and changes.
//!
//! Signals, as the contract gives them: a job with its counts, that something changed. Who was let in with a key that may
//! read the whole book and its jobs listens until it leaves, or the server ends.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Bytes, Frame};
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use crate::api::types::EngineEvent;
use crate::domain::guid::{Guids, Kind};
use crate::wire;

/// The form in which a body is answered.
pub(super) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// How often something is sent where nothing happens, so that a dead connection is noticed.
const BEAT: Duration = Duration::from_secs(15);

/// The events from now on, until the end.
pub(super) fn body(events: UnboundedReceiver<EngineEvent>, ending: watch::Receiver<bool>, guids: Guids) -> Body {
    let state = (events, ending);
    let stream = stream::unfold(state, move |(mut events, mut ending)| async move {
        let text = loop {
            if *ending.borrow() {
                return None;
            }
            tokio::select! {
                changed = ending.changed() => if changed.is_err() { return None },
                () = tokio::time::sleep(BEAT) => break ": \n\n".to_owned(),
                event = events.recv() => match event {
                    None => return None,
                    Some(event) => if let Some(text) = text(&event, guids) { break text },
                },
            }
        };
        Some((Ok::<_, Infallible>(Frame::data(Bytes::from(text))), (events, ending)))
    });
    StreamBody::new(stream).boxed_unsync()
}

/// An event as it is written; none for what concerns nobody outside.
fn text(event: &EngineEvent, guids: Guids) -> Option<String> {
    let (name, data) = match event {
        EngineEvent::Changed => ("changed", json!({})),
        EngineEvent::Job(view) => {
            let mut job = serde_json::to_value(wire::Job::<()>::new(&view.job, None)).ok()?;
            job["jobId"] = json!(guids.of(Kind::Job, view.job.id.0));
            // What was asked may name somebody; who wants it asks for the job.
            job.as_object_mut()?.remove("criteria");
            ("job", job)
        }
        EngineEvent::Stopped { job, .. } => ("stopped", json!({ "jobId": guids.of(Kind::Job, job.0), "id": job })),
        EngineEvent::Loading(_) | EngineEvent::Broken(_) => return None,
    };
    Some(format!("event: {name}\ndata: {data}\n\n"))
}
