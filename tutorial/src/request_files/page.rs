//! The page that lets a browser choose files.

use aplomb::http::Html;

pub(super) fn page() -> Html<&'static str> {
    Html(
        r#"
<body>
<form action="/files/" enctype="multipart/form-data" method="post">
<input name="files" type="file" multiple>
<input type="submit">
</form>
<form action="/uploadfiles/" enctype="multipart/form-data" method="post">
<input name="files" type="file" multiple>
<input type="submit">
</form>
</body>
    "#,
    )
}
