//! The protocol, by the crate rmcp: what the tools are, and a call of one.

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, Implementation, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerConfig, Tool as ToolShape, ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt as _};
use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::tools::{TOOLS, Tool};
use crate::api::{ApiError, ErrorKind, Session};

/// What an agent is told first.
const ABOUT: &str = "A book of contacts. Search and explain first; then plan a change, show the person the plan's number, \
what it does and its count, and ask them to run `cardfile confirm PLAN` on a terminal. apply_plan starts it afterwards, by \
number and exact count. Nothing else changes the book, and every job can be undone.";

/// What answers.
#[derive(Debug, Clone)]
struct Agents {
    session: Session,
}

/// Answers calls that come over standard input until there are no more.
pub fn run(session: Session) -> Result<(), ApiError> {
    let broken =
        |why: &dyn std::fmt::Display| ApiError::new(ErrorKind::Storage, format!("the protocol broke off: {why}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|why| broken(&why))?;
    let served = runtime.block_on(async {
        let running = Agents { session }.serve(rmcp::transport::stdio()).await.map_err(|why| broken(&why))?;
        running.waiting().await.map(drop).map_err(|why| broken(&why))
    });
    // A read of the standard input may be pending for ever.
    runtime.shutdown_background();
    served
}

impl ServerHandler for Agents {
    fn get_info(&self) -> ServerConfig {
        let mut info = ServerConfig::new(ServerCapabilities::builder().enable_tools().build());
        info.server_info = Implementation::new("cardfile", env!("CARGO_PKG_VERSION"));
        info.instructions = Some(ABOUT.to_owned());
        info
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(TOOLS.iter().map(shape).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = TOOLS.iter().find(|tool| tool.name == request.name) else {
            return Err(ErrorData::invalid_params(format!("there is no tool {}", request.name), None));
        };
        let (session, given) = (self.session.clone(), request.arguments.unwrap_or_default());
        let answered = tokio::task::spawn_blocking(move || {
            session.wait_until_loaded()?;
            let known: Vec<&str> = tool.arguments.iter().map(|(name, ..)| *name).collect();
            (tool.run)(&session, &Arguments::new(given, &known)?)
        });
        let answered = answered.await.map_err(|_| ErrorData::internal_error("the call failed", None))?;
        Ok(match answered {
            Ok(value) => CallToolResult::structured(value),
            Err(error) => CallToolResult::structured_error(failed(&error)),
        }
        .into())
    }
}

fn failed(error: &ApiError) -> Value {
    json!({ "error": { "code": error.code, "message": error.message, "hints": error.hints } })
}

fn shape(tool: &Tool) -> ToolShape {
    let mut properties = Map::new();
    for (name, kind, _, about) in tool.arguments {
        let mut property = json!({ "type": kind, "description": about });
        if *kind == "array" {
            let of = if *name == "ids" { "integer" } else { "string" };
            property["items"] = json!({ "type": of });
        }
        properties.insert((*name).to_owned(), property);
    }
    let needed: Vec<&str> = tool.arguments.iter().filter(|(_, _, needed, _)| *needed).map(|(name, ..)| *name).collect();
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), Value::Object(properties));
    schema.insert("required".into(), json!(needed));
    schema.insert("additionalProperties".into(), json!(false));
    let starts = tool.name == "apply_plan";
    let hints =
        ToolAnnotations::new().read_only(tool.reads).destructive(starts).idempotent(tool.reads).open_world(false);
    ToolShape::new(tool.name, tool.about, Arc::new(schema)).annotate(hints)
}
