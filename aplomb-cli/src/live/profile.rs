//! `aplomb live profile`: what the processors work at, as a flame graph in a file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::Local;
use serde_json::{Value, json};

use super::{ask, refusal};
use crate::arguments::ProfileArguments;
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;

/// How long a service may take to make a graph of what it has found.
const DRAWING: Duration = Duration::from_secs(30);

/// Takes a profile of each instance at the same time, and says where it is.
pub(super) fn take(
    instances: &[Instance],
    output: &mut Output,
    asked: &ProfileArguments,
) -> Result<(), Failure> {
    let definition = definition(asked);
    if !output.json {
        eprintln!("it takes {} s", asked.seconds);
    }
    let patience = Duration::from_secs(asked.seconds.into()) + DRAWING;
    let taken = ask(instances, |instance| {
        let answer = instance.post_for_text("/live/profile", &definition, patience)?;
        answer.map_err(|answer| {
            let nothing = "No profile was taken";
            Failure::Refused(refusal::told(instance, &definition, &answer, nothing))
        })
    })?;
    for (instance, profile) in &taken.given {
        let path = path(asked, output.several.then_some(&*instance.name));
        if path == Path::new("-") {
            profile.lines().try_for_each(|line| output.line(line))?;
            continue;
        }
        std::fs::write(&path, profile).map_err(|error| {
            Failure::Usage(format!("{} cannot be written: {error}", path.display()))
        })?;
        let path = path.display().to_string();
        match output.json {
            true => output.value(instance, &json!({"path": path}))?,
            false => output.line(&path)?,
        }
    }
    taken.end()
}

fn definition(asked: &ProfileArguments) -> Value {
    let mut definition = json!({
        "seconds": asked.seconds,
        "frequency": asked.frequency,
        "format": if asked.folded { "folded" } else { "svg" },
    });
    for (name, value) in [("owner", &asked.owner), ("reason", &asked.reason)] {
        if let Some(value) = value {
            definition[name] = value.as_str().into();
        }
    }
    definition
}

/// Where a profile is written; several instances have a file each.
fn path(asked: &ProfileArguments, instance: Option<&str>) -> PathBuf {
    let usual = || {
        let ending = if asked.folded { "folded" } else { "svg" };
        let now = Local::now().format("%Y%m%d-%H%M%S");
        PathBuf::from(format!("profile-{now}.{ending}"))
    };
    let path = asked.output.clone().unwrap_or_else(usual);
    let Some(instance) = instance.filter(|_| path != Path::new("-")) else {
        return path;
    };
    let plain = |letter: char| match letter.is_ascii_alphanumeric() {
        true => letter,
        false => '-',
    };
    let instance: String = instance.chars().map(plain).collect();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = format!("{stem}-{}", instance.trim_matches('-'));
    match path.extension() {
        Some(ending) => path.with_file_name(format!("{name}.{}", ending.to_string_lossy())),
        None => path.with_file_name(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_instance_has_a_file_of_its_own() {
        let mut asked = ProfileArguments {
            seconds: 1,
            frequency: 99,
            output: Some("graphs/flame.svg".into()),
            folded: false,
            reason: None,
            owner: None,
        };
        assert_eq!(path(&asked, None), Path::new("graphs/flame.svg"));
        let one = path(&asked, Some("unix:/run/../one"));
        assert_eq!(one, Path::new("graphs/flame-unix--run----one.svg"));
        asked.output = Some("-".into());
        assert_eq!(path(&asked, Some("one")), Path::new("-"));
        asked.output = None;
        asked.folded = true;
        let usual = path(&asked, None).display().to_string();
        assert!(usual.starts_with("profile-2") && usual.ends_with(".folded"));
    }
}
