//! Floor 1: how this program asks servers over HTTP.
//!
//! Owns what every asking has in common: which certificates are trusted, that a redirect or a status is an answer and no
//! error, and how long is waited. Called by [`crate::remote`] and by the line to a book that is served; what is asked,
//! and what the answer means, is theirs.

use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::typestate::AgentScope;

/// What the system trusts; empty where it has none.
pub(crate) fn system_roots() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs();
    found.certs.iter().map(|der| Certificate::from_der(der).to_owned()).collect()
}

/// An agent that trusts these certificates alone, waits so long for a connection, and so long for each part of an
/// answer.
pub(crate) fn agent(
    roots: Vec<Certificate<'static>>,
    connect: Duration,
    answer: Duration,
) -> ConfigBuilder<AgentScope> {
    Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(roots))).build())
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("cardfile/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(connect))
        .timeout_send_body(Some(answer))
        .timeout_recv_response(Some(answer))
        .timeout_recv_body(Some(answer))
}
