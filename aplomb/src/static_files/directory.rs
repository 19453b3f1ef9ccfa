//! A folder that files are taken from, and nothing outside it.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::http::OpenedFile;

/// A folder that files are taken from.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    root: PathBuf,
    follow_symlink: bool,
}

/// What a path below the folder is.
#[derive(Debug)]
pub(crate) enum Entry {
    /// A file, open, and where it is.
    File(OpenedFile, PathBuf),
    /// A folder.
    Directory,
    /// Nothing that may be shown.
    None,
}

impl Directory {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self {
            root,
            follow_symlink: false,
        }
    }

    pub(crate) fn set_follow_symlink(&mut self, follow: bool) {
        self.follow_symlink = follow;
    }

    /// Whether the folder is there.
    pub(crate) fn exists(&self) -> bool {
        self.root.is_dir()
    }

    /// The folder as it is written, and as it is once links and `..` are resolved.
    pub(crate) fn described(&self) -> String {
        let absolute = std::path::absolute(&self.root);
        let absolute = absolute.unwrap_or_else(|_| self.root.clone());
        format!("`{}` ({})", self.root.display(), absolute.display())
    }

    /// What the decoded path `below` is; a short file is read where `read` says so. This blocks.
    ///
    /// Every link on the way is resolved first, and the path it comes to must be inside the
    /// folder, be the file that was opened, and still be where it was afterwards.
    ///
    /// # Errors
    /// [`io::ErrorKind::PermissionDenied`], or another trouble that is not the client's.
    pub(crate) fn find(&self, below: &str, read: bool) -> io::Result<Entry> {
        let Some(below) = relative(below) else {
            return Ok(Entry::None);
        };
        let root = self.root.canonicalize()?;
        match self.find_in(&root, &root.join(below), read) {
            Err(error) if is_absent(&error) => Ok(Entry::None),
            found => found,
        }
    }

    fn find_in(&self, root: &Path, asked: &Path, read: bool) -> io::Result<Entry> {
        let path = match self.follow_symlink {
            true => asked.to_owned(),
            false => asked.canonicalize()?,
        };
        if !path.starts_with(root) {
            return Ok(Entry::None);
        }
        let seen = std::fs::metadata(&path)?;
        if seen.is_dir() {
            return Ok(Entry::Directory);
        }
        if !seen.is_file() {
            return Ok(Entry::None);
        }
        let file = File::open(&path)?;
        let moved = || Ok::<_, io::Error>(path.canonicalize()? != path);
        if !self.follow_symlink && (!is_same(&seen, &file.metadata()?) || moved()?) {
            return Ok(Entry::None);
        }
        Ok(Entry::File(OpenedFile::new(file, read)?, path))
    }
}

/// The path without empty segments and dots; nothing where it would leave the folder or cannot be
/// the path of a file.
fn relative(below: &str) -> Option<PathBuf> {
    if below.contains('\0') {
        return None;
    }
    let mut segments = Vec::new();
    for segment in below.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            segment => segments.push(segment),
        }
    }
    if segments
        .first()
        .is_some_and(|first| first.starts_with('\\'))
    {
        return None;
    }
    // Where other characters than the slash divide paths, or name drives, they may not stand here.
    let whole = |segment: &&str| {
        let mut components = Path::new(segment).components();
        matches!(components.next(), Some(Component::Normal(only)) if only == *segment)
            && components.next().is_none()
    };
    segments
        .iter()
        .all(whole)
        .then(|| segments.into_iter().collect())
}

/// Whether there is no such file: the client's mistake, not a trouble of ours.
fn is_absent(error: &io::Error) -> bool {
    /// Links that lead in a circle.
    const LOOP: i32 = if cfg!(target_os = "linux") { 40 } else { 62 };
    matches!(
        error.kind(),
        io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::InvalidFilename
            | io::ErrorKind::InvalidInput
    ) || error.raw_os_error() == Some(LOOP)
}

#[cfg(unix)]
fn is_same(seen: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (seen.dev(), seen.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn is_same(seen: &Metadata, opened: &Metadata) -> bool {
    (seen.len(), seen.modified().ok()) == (opened.len(), opened.modified().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below() {
        for (below, wanted) in [
            ("a/b.txt", Some("a/b.txt")),
            ("/a//./b.txt/", Some("a/b.txt")),
            ("a/../b", Some("b")),
            ("", Some("")),
            ("...", Some("...")),
            ("a\\b", cfg!(unix).then_some("a\\b")),
            ("..", None),
            ("a/../../b", None),
            ("a\0", None),
            ("\\a", None),
        ] {
            assert_eq!(relative(below), wanted.map(PathBuf::from), "{below}");
        }
    }
}
