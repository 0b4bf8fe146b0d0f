//! TLS out of two files of PEM: the certificate with its chain, and its key.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::settings::bad;
use crate::api::ApiError;

/// What accepts a connection by TLS 1.2 or 1.3.
pub(super) fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, ApiError> {
    let unreadable = |path: &Path, why: &dyn std::fmt::Display| bad(format!("{} can't be read: {why}", path.display()));
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|why| unreadable(certificate, &why))?;
    if chain.is_empty() {
        return Err(unreadable(certificate, &"there is no certificate in it"));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|why| unreadable(key, &why))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, secret))
        .map_err(|why| bad(format!("the certificate and its key can't be used: {why}")))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
