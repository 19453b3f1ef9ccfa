//! Templates: escaping, URLs, the request, context processors, errors, reloading.
#![cfg(feature = "templates")]

use aplomb::prelude::*;
use aplomb::templates::{TemplateResponse, Templates, context};
use aplomb::testing::TestClient;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    folder
}

#[get("/pages/{name}", status = 201)]
async fn read_page(
    name: String,
    q: Option<String>,
    request: Request,
    templates: State<Templates>,
) -> Result<TemplateResponse> {
    templates.response(&request, &name, json!({"q": q, "shared": "handler"}))
}

fn client(templates: Templates) -> TestClient {
    let app = App::new()
        .state(templates)
        .routes(routes![read_page])
        .mount_named("/static", StaticFiles::new("src"), "static");
    TestClient::new(app).raise_server_exceptions(false)
}

#[track_caller]
fn check(template: &str, query: &str, wanted: &str) {
    let folder = folder(&[("page.html", template)]);
    let client = client(Templates::new(folder.path()));
    let answer = client.get(&format!("/pages/page.html{query}")).send();
    assert_eq!((answer.status(), &*answer.text()), (201, wanted));
}

#[test]
fn what_is_put_into_pages_is_escaped_as_markupsafe_does() {
    let query = "?q=%3Cb%3E%22'%26/";
    check("{{ q }}", query, "&lt;b&gt;&#34;&#39;&amp;/");
    check(
        "{{ q|e }}{{ q|safe }}",
        query,
        "&lt;b&gt;&#34;&#39;&amp;/<b>\"'&/",
    );
    check(
        "{{ none }}{{ 1.0 }}{{ true }}{{ missing }}",
        "",
        "None1.0True",
    );
    let text = folder(&[("page.txt", "{{ q }}")]);
    let client = client(Templates::new(text.path()));
    assert_eq!(
        client.get(&format!("/pages/page.txt{query}")).send().text(),
        "<b>\"'&/"
    );
}

#[test]
fn urls_are_made_from_names() {
    check(
        "{{ url_for('static', path='/lib.rs') }}",
        "",
        "http://testserver/static/lib.rs",
    );
    check(
        "{{ url_for('static', path='/lib.rs').path }}",
        "",
        "/static/lib.rs",
    );
    check(
        "{{ request.url_for('read_page', name='a b') }}",
        "",
        "http://testserver/pages/a%20b",
    );
    check(
        "{% macro link(name) %}{{ url_for('read_page', name=name) }}{% endmacro %}{{ link('x') }}",
        "",
        "http://testserver/pages/x",
    );
}

#[test]
fn the_request_is_in_the_context() {
    check(
        "{{ request.method }} {{ request.url.path }} {{ request.url.query }} {{ request.query_params.q }} \
         {{ request.query_params.get('x', 'none') }} {{ request.path_params['name'] }} \
         {{ request.headers['User-Agent'] }} {{ request.client.host }} {{ request.base_url }}",
        "?q=1",
        "GET /pages/page.html q=1 1 none page.html testclient testclient http://testserver/",
    );
}

#[test]
fn processors_add_to_every_context_and_win() {
    let folder = folder(&[("page.html", "{{ shop }} {{ shared }}{{ 'x'|shout }}")]);
    let templates = Templates::new(folder.path())
        .context_processor(|_| context! { shop => "one", shared => "first" })
        .context_processor(|request| context! { shared => request.method().as_str() })
        .configure(|environment| {
            environment.add_filter("shout", |text: String| text.to_uppercase());
        });
    assert_eq!(
        client(templates).get("/pages/page.html").send().text(),
        "one GETX"
    );
}

#[test]
fn pages_extend_others() {
    let folder = folder(&[
        ("base.html", "<main>{% block main %}{% endblock %}</main>"),
        (
            "page.html",
            "{% extends 'base.html' %}{% block main %}{{ q }}{% endblock %}\n",
        ),
    ]);
    let answer = client(Templates::new(folder.path()))
        .get("/pages/page.html?q=a")
        .send();
    assert_eq!(answer.text(), "<main>a</main>");
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
}

#[test]
fn mistakes_are_500_and_tell_nothing() {
    let folder = folder(&[
        ("broken.html", "{% if %}"),
        ("undefined.html", "{{ secret.deep.value }}"),
        ("name.html", "{{ url_for('nothing') }}"),
    ]);
    let client = client(Templates::new(folder.path()));
    for name in [
        "broken.html",
        "undefined.html",
        "name.html",
        "none.html",
        "..%5Cx",
        "%2e%2e",
    ] {
        let answer = client.get(&format!("/pages/{name}")).send();
        assert_eq!(
            (answer.status(), &*answer.text()),
            (500, "Internal Server Error"),
            "{name}"
        );
    }
}

#[test]
fn changed_templates_are_read_again_where_asked_for() {
    for (reload, wanted) in [(true, "second"), (false, "first")] {
        let folder = folder(&[("page.html", "first")]);
        let client = client(Templates::new(folder.path()).auto_reload(reload));
        assert_eq!(client.get("/pages/page.html").send().text(), "first");
        std::fs::write(folder.path().join("page.html"), "second").expect("a file");
        assert_eq!(client.get("/pages/page.html").send().text(), wanted);
    }
}

#[test]
fn the_document_shows_a_page() {
    let app = App::new()
        .state(Templates::new("src"))
        .routes(routes![read_page]);
    let content = &app.openapi()["paths"]["/pages/{name}"]["get"]["responses"]["201"]["content"];
    assert_eq!(
        *content,
        json!({"text/html": {"schema": {"type": "string"}}})
    );
}
