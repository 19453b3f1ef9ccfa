//! [`folded`]: stacks as lines, each beginning with the route whose handler is in it.

use std::collections::BTreeMap;

use crate::live::registry::LiveRoute;

/// A stack that was found, its outermost function first.
#[derive(Debug)]
pub(super) struct Stack {
    pub(super) thread: String,
    pub(super) frames: Vec<Frame>,
    pub(super) count: usize,
}

/// A function in a stack.
#[derive(Debug)]
pub(super) struct Frame {
    /// With its modules.
    pub(super) name: String,
    /// Where it was written, as far as the program knows.
    pub(super) file: Option<String>,
}

/// What tells the frames of handlers from others.
#[derive(Debug)]
pub(super) struct Handlers(Vec<Handler>);

#[derive(Debug)]
struct Handler {
    /// The name of its function.
    function: &'static str,
    /// The file in which it was written.
    file: &'static str,
    /// Method and path.
    route: String,
}

impl Handlers {
    /// Those of all routes.
    pub(super) fn of(routes: &[LiveRoute]) -> Self {
        let handlers = routes.iter().map(|route| {
            let operation = &route.endpoint.operation;
            let location = operation.location;
            Handler {
                function: operation.name,
                file: location.rsplit_once(':').map_or(location, |(file, _)| file),
                route: route.name(),
            }
        });
        Self(handlers.collect())
    }

    /// The route whose handler a frame is of.
    fn route(&self, frame: &Frame) -> Option<&str> {
        let handler = self.0.iter().find(|handler| handler.is(frame))?;
        Some(&handler.route)
    }
}

impl Handler {
    /// Whether a frame is its own. Where the program does not know in which file a function was
    /// written, the module that it stands in must be the one that the file makes.
    fn is(&self, frame: &Frame) -> bool {
        let path: Vec<&str> = frame.name.split("::").collect();
        let closure = |part: &&str| part.starts_with("{{closure}}") || part.starts_with("{closure");
        let end = path.iter().position(closure).unwrap_or(path.len());
        let Some((function, modules)) = path[..end].split_last() else {
            return false;
        };
        *function == self.function
            && match &frame.file {
                Some(file) => file.ends_with(self.file),
                None => match self.module() {
                    Some(module) => modules.last() == Some(&module),
                    None => modules.len() == 1,
                },
            }
    }

    /// The module that its file makes; nothing for the root of a crate.
    fn module(&self) -> Option<&str> {
        let path = self.file.strip_suffix(".rs").unwrap_or(self.file);
        let mut parts = path.rsplit(['/', '\\']);
        match parts.next()? {
            "main" | "lib" => None,
            "mod" => parts.next(),
            module => Some(module),
        }
    }
}

/// Stacks as lines, and how often each was found.
///
/// A stack in which a handler is found begins with its route, and goes on with the handler; others
/// begin with the kind of their thread.
pub(super) fn folded(stacks: &[Stack], handlers: &Handlers) -> BTreeMap<String, usize> {
    let mut folded = BTreeMap::new();
    for stack in stacks {
        // What is innermost computes: a handler may serve another service within itself.
        let found = stack.frames.iter().enumerate().rev();
        let mut found = found.filter_map(|(at, frame)| Some((at, handlers.route(frame)?)));
        let (root, first) = match found.next() {
            // An asynchronous handler has more than one frame.
            Some((last, route)) => {
                let own = stack.frames[..last].iter().rev();
                let own = own.take_while(|frame| handlers.route(frame) == Some(route));
                (route, last - own.count())
            }
            None => (kind(&stack.thread), 0),
        };
        let mut line = plain(root);
        for frame in &stack.frames[first..] {
            line.push(';');
            line.push_str(&plain(&frame.name));
        }
        *folded.entry(line).or_default() += stack.count;
    }
    folded
}

/// What threads that do the same have in common: their names without numbers.
fn kind(thread: &str) -> &str {
    let kind = thread.trim_end_matches(|letter: char| {
        letter.is_ascii_digit() || matches!(letter, ' ' | '-' | '_' | '#')
    });
    if kind.is_empty() { "threads" } else { kind }
}

/// A name in which nothing parts frames or lines.
fn plain(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter {
        ';' => ',',
        letter if letter.is_control() => ' ',
        letter => letter,
    });
    letters.collect()
}

/// The lines as text.
pub(super) fn text(folded: &BTreeMap<String, usize>) -> String {
    let lines = folded.iter();
    lines
        .map(|(line, count)| format!("{line} {count}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(name: &str, file: Option<&str>) -> Frame {
        Frame {
            name: name.to_owned(),
            file: file.map(str::to_owned),
        }
    }

    fn handler(file: &'static str) -> Handler {
        Handler {
            function: "read",
            file,
            route: "GET /items".to_owned(),
        }
    }

    #[test]
    fn handlers_are_told_from_functions_of_their_name() {
        let handler = handler("src/items.rs");
        let here = Some("/home/ada/shop/src/items.rs");
        assert!(handler.is(&frame("shop::items::read::{{closure}}", here)));
        assert!(handler.is(&frame("shop::items::read", here)));
        assert!(handler.is(&frame("shop::items::read::{closure#0}", None)));
        assert!(!handler.is(&frame(
            "shop::items::read::{{closure}}",
            Some("src/users.rs")
        )));
        assert!(!handler.is(&frame("shop::users::read::{{closure}}", None)));
        assert!(!handler.is(&frame("shop::items::reader", here)));
        let root = super::tests::handler("src/main.rs");
        assert!(root.is(&frame("shop::read::{{closure}}", None)));
        assert!(!root.is(&frame("shop::items::read::{{closure}}", None)));
    }

    #[test]
    fn stacks_begin_with_their_route_or_kind_of_thread() {
        let stack = |thread: &str, names: &[&str]| Stack {
            thread: thread.to_owned(),
            frames: names.iter().map(|name| frame(name, None)).collect(),
            count: 2,
        };
        let read = "shop::items::read::{{closure}}";
        let stacks = [
            stack("worker 1", &["start", "poll", read, read, "sort<[u8; 4]>"]),
            stack("worker 2", &["start", "poll", read, read, "sort<[u8; 4]>"]),
            stack("worker 1", &["start", "poll"]),
            stack("12", &[]),
        ];
        let folded = folded(&stacks, &Handlers(vec![handler("src/items.rs")]));
        assert_eq!(
            text(&folded),
            format!("GET /items;{read};{read};sort<[u8, 4]> 4\nthreads 2\nworker;start;poll 2\n")
        );
    }
}
