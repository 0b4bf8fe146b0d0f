//! Both APIs over HTTP: connections accepted, bounded in number and time, and ended in peace.
//!
//! hyper speaks the protocol; there is no router but the table of the APIs' own routes. In reading order: [`call`], a
//! request and its answer as values; [`guard`], who may not ask at all; [`service`], from one to the other; [`events`] and [`metrics`]; [`settings`]; [`tls`].
//! A call is made on a thread of its own, since the contract's calls block; how many at once is bounded.

mod call;
mod events;
mod guard;
mod metrics;
mod service;
mod settings;
mod tls;

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::api::{ApiError, Session};
use crate::domain::contact::JobId;
pub use call::{Call, Reply};
pub(super) use call::{decoded, pairs, refused};
use service::Service;
use settings::bad;
pub use settings::{Answered, Log, Settings};

/// How long the handshake of TLS may take.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// How long requests that are being answered may take after the end was asked for.
const LAST: Duration = Duration::from_secs(10);
/// The most header fields of a request.
const MOST_FIELDS: usize = 64;
/// The longest head of a request.
const LONGEST_HEAD: usize = 64 * 1024;
/// What a connection too many is told, in JSON.
const FULL: &str = r#"{"message":"too many connections; nothing was done","details":{"applicationError":{"code":"TOO_MANY_REQUESTS","description":"too many connections","data":{}}}}"#;

/// A server that listens.
pub struct Server {
    listener: std::net::TcpListener,
    unix: Option<(std::os::unix::net::UnixListener, SocketFile)>,
    tls: Option<tokio_rustls::TlsAcceptor>,
    connections: usize,
    service: Arc<Service>,
}

/// A socket's file, which goes with the server.
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Where it is gone already there is nothing to do.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Server {
    /// Listens, so that whoever connects from now on is answered once it runs.
    pub fn bind(settings: &Settings, book: Session, log: Option<Log>) -> Result<Self, ApiError> {
        if !settings.listen.ip().is_loopback() && settings.tls.is_none() {
            let said = format!(
                "{} can be reached from elsewhere, and without TLS keys could be read on the way",
                settings.listen
            );
            return Err(bad(said).hint("give --tls CERT KEY, or listen on 127.0.0.1"));
        }
        let tls = settings.tls.as_ref().map(|(cert, key)| tls::acceptor(cert, key)).transpose()?;
        let listener = std::net::TcpListener::bind(settings.listen)
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .map_err(|why| bad(format!("{} can't be listened on: {why}", settings.listen)))?;
        let unix = settings.unix.as_deref().map(socket).transpose()?;
        let service = Service::new(book, settings, log)?;
        Ok(Self { listener, unix, tls, connections: settings.connections, service: Arc::new(service) })
    }

    /// Where it listens.
    pub fn address(&self) -> Result<SocketAddr, ApiError> {
        self.listener.local_addr().map_err(|why| bad(format!("the address is not known: {why}")))
    }

    /// Answers until `end` comes; then jobs rest, what is being answered is finished, and nothing else. The jobs that
    /// the next server goes on with.
    pub fn run(self, end: impl Future<Output = ()>) -> Result<Vec<JobId>, ApiError> {
        let service = Arc::clone(&self.service);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|why| bad(format!("the server can't be started: {why}")))?;
        let served = runtime.block_on(self.serve(end));
        // A call that still runs goes on until the process ends; nobody waits for its answer any more.
        runtime.shutdown_timeout(Duration::from_secs(1));
        let left = served.map_err(|why| bad(format!("the server can't be started: {why}")))?;
        // What a call began after the others were told to rest.
        service.rest(left)
    }

    async fn serve(self, end: impl Future<Output = ()>) -> std::io::Result<Vec<JobId>> {
        let listener = TcpListener::from_std(self.listener)?;
        let (unix, _file) = match self.unix {
            Some((unix, file)) => {
                unix.set_nonblocking(true)?;
                (Some(UnixListener::from_std(unix)?), Some(file))
            }
            None => (None, None),
        };
        let permits = Arc::new(Semaphore::new(self.connections));
        let graceful = Arc::new(GracefulShutdown::new());
        tokio::pin!(end);
        loop {
            let local = async {
                match &unix {
                    Some(unix) => unix.accept().await.map(|(stream, _)| stream),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut end => break,
                accepted = listener.accept() => {
                    let Ok((mut stream, _)) = accepted else { pause().await; continue };
                    let _ = stream.set_nodelay(true);
                    let Ok(permit) = Arc::clone(&permits).try_acquire_owned() else {
                        tokio::spawn(async move { refuse(&mut stream).await });
                        continue;
                    };
                    let (service, watcher) = (Arc::clone(&self.service), graceful.watcher());
                    match self.tls.clone() {
                        None => drop(tokio::spawn(connection(stream, service, watcher, permit))),
                        Some(tls) => drop(tokio::spawn(async move {
                            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
                                connection(stream, service, watcher, permit).await;
                            }
                        })),
                    }
                }
                accepted = local => {
                    let Ok(mut stream) = accepted else { pause().await; continue };
                    let Ok(permit) = Arc::clone(&permits).try_acquire_owned() else {
                        tokio::spawn(async move { refuse(&mut stream).await });
                        continue;
                    };
                    drop(tokio::spawn(connection(stream, Arc::clone(&self.service), graceful.watcher(), permit)));
                }
            }
        }
        drop(listener);
        self.service.end();
        // Jobs rest first: a call that waits for one is answered then.
        let service = Arc::clone(&self.service);
        let left = tokio::task::spawn_blocking(move || service.rest(Vec::new())).await;
        let left = left.ok().and_then(Result::ok).unwrap_or_default();
        if let Some(graceful) = Arc::into_inner(graceful) {
            let _ = tokio::time::timeout(LAST, graceful.shutdown()).await;
        }
        Ok(left)
    }
}

/// Waits a moment where no connection can be accepted, as when there are no more files to be had.
async fn pause() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

async fn refuse<S: AsyncWrite + Unpin>(stream: &mut S) {
    let head =
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nConnection: close\r\nContent-Type: application/json";
    let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{FULL}", FULL.len());
    let told = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), told).await;
}

async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    service: Arc<Service>,
    watcher: hyper_util::server::graceful::Watcher,
    permit: OwnedSemaphorePermit,
) {
    let head_time = service.head_time();
    let answer = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, Infallible>(service.answer(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_time)
        .max_headers(MOST_FIELDS)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), answer);
    // A connection that breaks off concerns nobody but whoever broke it off.
    let _ = watcher.watch(connection).await;
    drop(permit);
}

/// A socket's file for the user alone; one that nobody listens on any more is replaced.
fn socket(path: &Path) -> Result<(std::os::unix::net::UnixListener, SocketFile), ApiError> {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
    use std::os::unix::net::{UnixListener, UnixStream};
    let wrong = |why: &std::io::Error| bad(format!("the socket {} can't be listened on: {why}", path.display()));
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    if is_socket && UnixStream::connect(path).is_err() {
        std::fs::remove_file(path).map_err(|why| wrong(&why))?;
    }
    let listener = UnixListener::bind(path).map_err(|why| wrong(&why))?;
    let file = SocketFile(path.to_owned());
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(|why| wrong(&why))?;
    Ok((listener, file))
}
