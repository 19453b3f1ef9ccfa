//! Pods, reached by `kubectl port-forward` with the user's own rights.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::failure::Failure;

/// A way to a pod, open until it is dropped.
#[derive(Debug)]
pub(super) struct Forwarded {
    pub(super) name: String,
    pub(super) address: String,
    process: Child,
}

impl Drop for Forwarded {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Opens a way to every running pod of a selector, or of what has one, such as `deploy/orders`; or
/// what `kubectl` says of those to which it opens none.
///
/// # Errors
/// What `kubectl` says when it does not name the pods, or that there are none.
pub(super) fn forward(
    selector: &str,
    namespace: Option<&str>,
    port: u16,
) -> Result<Vec<Result<Forwarded, Failure>>, Failure> {
    let labels = match selector.contains('=') {
        true => selector.to_owned(),
        false => selector_of(selector, namespace)?,
    };
    let pods = ask(
        &[
            "get",
            "pods",
            "--selector",
            &labels,
            "--field-selector",
            "status.phase=Running",
        ],
        namespace,
    )?;
    let names = pods["items"].as_array().into_iter().flatten();
    let names: Vec<&str> = names
        .filter_map(|pod| pod["metadata"]["name"].as_str())
        .collect();
    if names.is_empty() {
        return Err(Failure::NotFound(format!("no pod runs that has {labels}")));
    }
    let names = names.into_iter();
    Ok(names
        .map(|name| forward_one(name, namespace, port))
        .collect())
}

/// The labels by which a deployment or the like finds its pods.
fn selector_of(name: &str, namespace: Option<&str>) -> Result<String, Failure> {
    let owner = ask(&["get", name], namespace)?;
    let selector = &owner["spec"]["selector"];
    let labels = selector["matchLabels"]
        .as_object()
        .or_else(|| selector.as_object());
    let labels = labels.into_iter().flatten();
    let labels: Vec<String> = labels
        .filter_map(|(name, value)| Some(format!("{name}={}", value.as_str()?)))
        .collect();
    match labels.is_empty() {
        true => Err(Failure::NotFound(format!(
            "{name} does not say by which labels it finds its pods"
        ))),
        false => Ok(labels.join(",")),
    }
}

fn kubectl(namespace: Option<&str>) -> Command {
    let mut command = Command::new("kubectl");
    command.stdin(Stdio::null());
    if let Some(namespace) = namespace {
        command.args(["--namespace", namespace]);
    }
    command
}

fn ask(arguments: &[&str], namespace: Option<&str>) -> Result<Value, Failure> {
    let output = kubectl(namespace)
        .args(arguments)
        .args(["--output", "json"])
        .output();
    let output = output.map_err(|error| missing(&error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::Unreachable(format!("kubectl: {}", said.trim())));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::Unreachable(format!("kubectl: {error}")))
}

fn missing(error: &std::io::Error) -> Failure {
    Failure::Unreachable(format!(
        "kubectl cannot be run, which pods are reached by: {error}"
    ))
}

fn forward_one(name: &str, namespace: Option<&str>, port: u16) -> Result<Forwarded, Failure> {
    let mut command = kubectl(namespace);
    command.args([
        "port-forward",
        "--address",
        "127.0.0.1",
        &format!("pod/{name}"),
        &format!(":{port}"),
    ]);
    let process = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut forwarded = Forwarded {
        name: name.to_owned(),
        address: String::new(),
        process: process.map_err(|error| missing(&error))?,
    };
    let mut line = String::new();
    let output = forwarded.process.stdout.take();
    let mut output = output.map(BufReader::new);
    if let Some(output) = &mut output {
        let _ = output.read_line(&mut line);
    }
    // Forwarding from 127.0.0.1:40123 -> 9000
    let address = line
        .split_whitespace()
        .find(|word| word.starts_with("127.0.0.1:"));
    let Some(address) = address else {
        let mut said = String::new();
        let _ = forwarded.process.kill();
        if let Some(mut stderr) = forwarded.process.stderr.take() {
            let _ = stderr.read_to_string(&mut said);
        }
        return Err(Failure::Unreachable(format!(
            "kubectl: {name}: {}",
            said.trim()
        )));
    };
    forwarded.address = address.to_owned();
    // It says something for every connection, and would stop where nobody read it.
    if let Some(mut output) = output {
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    }
    if let Some(mut stderr) = forwarded.process.stderr.take() {
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
    }
    Ok(forwarded)
}
