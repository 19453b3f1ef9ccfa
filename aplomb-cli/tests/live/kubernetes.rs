//! Pods, reached through a `kubectl` that knows two of them.

use std::os::unix::fs::PermissionsExt as _;

use tempfile::TempDir;

use crate::app::app;
use crate::served::{Ended, Following, Served, run};

/// A `kubectl` that leads to a service by the name of a pod, and not to the pod beside it.
struct Kubectl(TempDir);

impl Kubectl {
    fn new(served: &Served) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let script = format!(
            r#"#!/bin/sh
pod() {{ echo '{{"metadata": {{"name": "'$1'"}}}}'; }}
case "$*" in
  *"get deploy/orders"*) echo '{{"spec": {{"selector": {{"matchLabels": {{"app": "orders"}}}}}}}}' ;;
  *"get pods --selector app=orders"*) echo "{{\"items\": [$(pod orders-7d9f)]}}" ;;
  *"get pods --selector app=both"*) echo "{{\"items\": [$(pod orders-gone), $(pod orders-7d9f)]}}" ;;
  *"get pods --selector app=gone"*) echo "{{\"items\": [$(pod orders-gone)]}}" ;;
  *"port-forward"*"pod/orders-7d9f :9000"*) echo "Forwarding from {} -> 9000"; exec sleep 60 ;;
  *"port-forward"*"pod/orders-gone"*) echo "error: pod is not running" >&2; exit 1 ;;
  *) echo "unknown: $*" >&2; exit 1 ;;
esac
"#,
            served.management
        );
        let kubectl = folder.path().join("kubectl");
        std::fs::write(&kubectl, script).expect("written");
        let runnable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&kubectl, runnable).expect("runnable");
        Self(folder)
    }

    fn path(&self) -> String {
        let others = std::env::var("PATH").unwrap_or_default();
        format!("{}:{others}", self.0.path().display())
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        run(arguments, &[("PATH", &self.path())])
    }
}

#[test]
fn pods_are_reached_through_kubectl() {
    let served = Served::on_port(app());
    let kubectl = Kubectl::new(&served);
    let listed = kubectl.run(&[
        "--kubernetes",
        "deploy/orders",
        "--namespace",
        "shop",
        "routes",
        "--over",
        "0s",
    ]);
    assert_eq!(listed.code, 0, "{listed:?}");
    assert!(listed.out.contains("GET /nap"), "{}", listed.out);
    let unknown = kubectl.run(&["--kubernetes", "deploy/none", "routes"]);
    assert_eq!(unknown.code, 1);
    assert!(
        unknown.err.contains("kubectl: unknown: "),
        "{}",
        unknown.err
    );
}

#[test]
fn a_pod_that_cannot_be_reached_keeps_nobody_from_the_others() {
    let served = Served::on_port(app());
    let kubectl = Kubectl::new(&served);
    let told = "kubectl: orders-gone: error: pod is not running\n";
    let listed = kubectl.run(&["--kubernetes", "app=both", "routes", "--over", "0s"]);
    assert_eq!((listed.code, &*listed.err), (1, told));
    assert!(
        listed.out.contains("GET /nap") && listed.out.contains("orders-7d9f"),
        "{}",
        listed.out
    );
    let nobody = kubectl.run(&["--kubernetes", "app=gone", "routes"]);
    assert_eq!((nobody.code, &*nobody.err, &*nobody.out), (1, told, ""));
    // What is set is set in those that there are.
    let arguments = ["--kubernetes", "app=both", "snapshot", "GET /nap"];
    let path = kubectl.path();
    let snapshot = Following::start_with(&arguments, &[("PATH", &path)]);
    served.probes(1);
    served.ask("GET /nap");
    let (code, lines) = snapshot.end();
    assert_eq!(code, 1);
    assert!(
        lines.iter().any(|line| line.contains("GET /nap @response")),
        "{lines:?}"
    );
}
