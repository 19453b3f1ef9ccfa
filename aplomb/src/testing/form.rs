//! The form a test client sends.

use bytes::Bytes;

/// Fields and files in the order they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    parts: Vec<Part>,
    multipart: bool,
}

#[derive(Clone, Debug)]
struct Part {
    name: String,
    content: Bytes,
    file: Option<File>,
}

#[derive(Clone, Debug)]
struct File {
    name: String,
    content_type: String,
}

impl Form {
    pub(super) fn field(&mut self, name: String, value: String) {
        self.parts.push(Part {
            name,
            content: value.into(),
            file: None,
        });
    }

    pub(super) fn file(&mut self, name: &str, filename: &str, content_type: &str, content: Bytes) {
        self.parts.push(Part {
            name: name.to_owned(),
            content,
            file: Some(File {
                name: filename.to_owned(),
                content_type: content_type.to_owned(),
            }),
        });
    }

    /// Sends parts even without a file.
    pub(super) fn multipart(&mut self) {
        self.multipart = true;
    }

    /// The content type and the body.
    pub(super) fn encode(&self) -> (String, Bytes) {
        if self.multipart || self.parts.iter().any(|part| part.file.is_some()) {
            return self.encode_parts();
        }
        let mut form = form_urlencoded::Serializer::new(String::new());
        for part in &self.parts {
            form.append_pair(&part.name, &String::from_utf8_lossy(&part.content));
        }
        let content_type = "application/x-www-form-urlencoded";
        (content_type.to_owned(), form.finish().into())
    }

    fn encode_parts(&self) -> (String, Bytes) {
        let boundary = self.boundary();
        let mut body = Vec::new();
        for part in &self.parts {
            let mut head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
                quoted(&part.name)
            );
            if let Some(file) = &part.file {
                let name = quoted(&file.name);
                head += &format!(
                    "; filename=\"{name}\"\r\nContent-Type: {}",
                    file.content_type
                );
            }
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(&part.content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let content_type = format!("multipart/form-data; boundary={boundary}");
        (content_type, body.into())
    }

    /// A text that no part holds.
    fn boundary(&self) -> String {
        let mut boundary = "boundary".to_owned();
        let holds = |content: &Bytes, boundary: &str| {
            memchr::memmem::find(content, boundary.as_bytes()).is_some()
        };
        while self
            .parts
            .iter()
            .any(|part| holds(&part.content, &boundary))
        {
            boundary += "-";
        }
        boundary
    }
}

/// A name as browsers write it between quotes (WHATWG HTML, multipart/form-data).
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
