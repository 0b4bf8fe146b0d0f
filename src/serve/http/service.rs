//! From a request of the protocol to a call, and from its reply to an answer: bounds, keys, and which API is meant.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WARNING};
use hyper::{Request, Response, StatusCode};
use serde_json::json;
use tokio::sync::{Semaphore, watch};

use super::call::{Call, Reply, pairs, refused};
use super::events::Body;
use super::metrics::Metrics;
use super::settings::{Answered, Log, Settings};
use super::{events, guard};
use crate::api::Session;
use crate::domain::contact::JobId;
use crate::serve::contacts::Contacts;
use crate::serve::contract;
use crate::serve::gate::Gate;
use crate::serve::jsonrpc::Dispatcher;
use crate::serve::{oauth, openapi};

/// The longest body of a request, in bytes.
const LONGEST: usize = 10 * 1024 * 1024;

/// What answers requests.
pub(super) struct Service {
    apis: Arc<Apis>,
    host_names: Vec<String>,
    at_once: Arc<Semaphore>,
    ending: watch::Sender<bool>,
    metrics: Metrics,
    log: Option<Log>,
    head_time: Duration,
    body_time: Duration,
    /// What the numbers of requests are made of: a random text, and how many there were.
    requests: (String, AtomicU64),
}

/// The APIs that answer, behind one gate.
struct Apis {
    gate: Arc<Gate>,
    dispatcher: Dispatcher,
    contacts: Contacts,
}

/// Which part of the server a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    JsonRpc,
    Health,
    OpenApi,
    Metrics,
    Events,
    Contract,
    Tokens,
    Contacts,
}

fn part(path: &str) -> Part {
    match path {
        "/" | "/api/jsonrpcserver" | "/api/jsonrpcserver.php" | "/api/jsonrpcServer" => Part::JsonRpc,
        "/healthz" => Part::Health,
        "/openapi.json" => Part::OpenApi,
        "/metrics" => Part::Metrics,
        "/events" => Part::Events,
        "/api" => Part::Contract,
        path if oauth::PATHS.contains(&path) => Part::Tokens,
        _ => Part::Contacts,
    }
}

impl Service {
    pub(super) fn new(book: Session, settings: &Settings, log: Option<Log>) -> crate::api::Result<Self> {
        let gate = Arc::new(Gate::new(book));
        let (dispatcher, contacts) = (Dispatcher::new(Arc::clone(&gate)), Contacts::new(Arc::clone(&gate))?);
        Ok(Self {
            apis: Arc::new(Apis { gate, dispatcher, contacts }),
            host_names: settings.host_names.clone(),
            at_once: Arc::new(Semaphore::new(settings.at_once)),
            ending: watch::Sender::new(false),
            metrics: Metrics::default(),
            log,
            head_time: settings.head_time,
            body_time: settings.body_time,
            requests: (format!("{:016x}", rand::random::<u64>()), AtomicU64::new(0)),
        })
    }

    /// Has jobs rest because the server ends; with those that rest already, the ones that the next server goes on with.
    pub(super) fn rest(&self, left: Vec<JobId>) -> crate::api::Result<Vec<JobId>> {
        self.apis.gate.book().leave_unfinished(left)
    }

    /// How long the head of a request may take, and a connection be silent.
    pub(super) fn head_time(&self) -> Duration {
        self.head_time
    }

    /// Says from now on that the end is near.
    pub(super) fn end(&self) {
        self.ending.send_replace(true);
    }

    /// Answers a request.
    pub(super) async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        let begun = Instant::now();
        let number = format!("{}-{}", self.requests.0, self.requests.1.fetch_add(1, Ordering::Relaxed));
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let (reply, stream) = self.reply(request).await;
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.metrics.count(reply.status, millis);
        if let Some(log) = &self.log {
            log(&Answered {
                method,
                path,
                status: reply.status,
                millis,
                who: reply.who.clone(),
                request: number.clone(),
            });
        }
        let mut response = response(reply, stream);
        // The official SDK hands it to its caller with an error.
        if let Ok(number) = HeaderValue::from_str(&number) {
            response.headers_mut().insert("x-wix-request-id", number);
        }
        response
    }

    /// The answer; where it goes on and on, its body besides.
    async fn reply(&self, request: Request<Incoming>) -> (Reply, Option<Body>) {
        let (head, body) = request.into_parts();
        if let Some(why) = guard::refusal(&head.uri, head.version, &head.headers, &self.host_names) {
            return (refused(403, "PERMISSION_DENIED", why), None);
        }
        let body = match taken(body, self.body_time).await {
            Ok(body) => body,
            Err(reply) => return (reply, None),
        };
        let key = head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let call = Call {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(pairs).unwrap_or_default(),
            key: key.strip_prefix("Bearer ").unwrap_or(key).trim().to_owned(),
            body,
        };
        let part = part(&call.path);
        match part {
            Part::Health => return (self.health(), None),
            Part::OpenApi => return (Reply::text("application/json", openapi::DOCUMENT), None),
            Part::Events => return self.events(&call.key),
            Part::JsonRpc | Part::Contract | Part::Tokens | Part::Contacts | Part::Metrics => {}
        }
        (self.answered(part, call).await, None)
    }

    /// Makes a call on a thread of its own.
    async fn answered(&self, part: Part, call: Call) -> Reply {
        if part == Part::Metrics {
            return match self.apis.gate.let_in(&call.key) {
                Ok(session) => Reply::text("text/plain; version=0.0.4", self.metrics.text(&session)),
                Err(_) => refused(401, "UNAUTHENTICATED", "figures are for whoever has a key"),
            };
        }
        let Ok(permit) = Arc::clone(&self.at_once).try_acquire_owned() else {
            let reply = match part {
                Part::JsonRpc => Reply::json(200, &Dispatcher::busy(&call.body)),
                _ => refused(429, "TOO_MANY_REQUESTS", "too many requests at once; nothing was done"),
            };
            return Reply { retry_after: Some(1), ..reply };
        };
        let apis = Arc::clone(&self.apis);
        let answered = tokio::task::spawn_blocking(move || {
            let reply = match part {
                Part::JsonRpc => json_rpc(&apis.dispatcher, &call),
                Part::Contract => contract::answer(&apis.gate, &call),
                Part::Tokens => oauth::answer(&apis.gate, &call),
                Part::Contacts | Part::Health | Part::OpenApi | Part::Metrics | Part::Events => apis
                    .contacts
                    .answer(&call)
                    .unwrap_or_else(|| refused(404, "NOT_FOUND", "there is nothing at this path")),
            };
            drop(permit);
            reply
        });
        // A call that panicked has told so by itself, and has changed nothing: what it wrote was one transaction.
        answered.await.unwrap_or_else(|_| refused(500, "INTERNAL", "the call failed; nothing was changed by it"))
    }

    fn events(&self, key: &str) -> (Reply, Option<Body>) {
        let Ok(session) = self.apis.gate.let_in(key) else {
            return (refused(401, "UNAUTHENTICATED", "events are for whoever has a key"), None);
        };
        match session.listen().and_then(|events| Ok((events, session.guids()?))) {
            Ok((events, guids)) => {
                let who = session.caller().who.clone();
                let body = events::body(events, self.ending.subscribe(), guids);
                (Reply::text("text/event-stream", "").of(&who), Some(body))
            }
            Err(error) => (refused(403, "PERMISSION_DENIED", &error.message), None),
        }
    }

    fn health(&self) -> Reply {
        let loading = self.apis.gate.book().loading();
        let status = if *self.ending.borrow() { "ending" } else { "ok" };
        Reply::json(200, &json!({ "status": status, "loaded": loading.complete }))
    }
}

fn json_rpc(dispatcher: &Dispatcher, call: &Call) -> Reply {
    if call.method != "POST" {
        return refused(405, "METHOD_NOT_ALLOWED", "calls come by POST");
    }
    dispatcher.answer(&call.body).map_or_else(Reply::empty, |answer| Reply::json(200, &answer))
}

/// Takes a body, as long as it is short enough and comes in time.
async fn taken(body: Incoming, body_time: Duration) -> Result<Vec<u8>, Reply> {
    let whole = tokio::time::timeout(body_time, Limited::new(body, LONGEST).collect()).await;
    match whole {
        Ok(Ok(body)) => Ok(body.to_bytes().to_vec()),
        Ok(Err(why)) if why.is::<LengthLimitError>() => {
            Err(refused(413, "PAYLOAD_TOO_LARGE", "a request has at most 10 MiB; nothing was done"))
        }
        Ok(Err(_)) => Err(refused(400, "INVALID_ARGUMENT", "the request is cut off; nothing was done")),
        Err(_) => Err(refused(408, "REQUEST_TIMEOUT", "the request came too slowly; nothing was done")),
    }
}

fn response(reply: Reply, stream: Option<Body>) -> Response<Body> {
    let mut response = Response::new(stream.unwrap_or_else(|| Full::new(Bytes::from(reply.body)).boxed_unsync()));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.form));
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    if let Some(seconds) = reply.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(warning) = reply.warning.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(WARNING, warning);
    }
    response
}
