//! The page that OAuth2 servers send people back to.

use super::frame;
use crate::http::Response;

/// The page that hands the answer of an OAuth2 server to the Swagger UI that asked for it:
/// FastAPI's `get_swagger_ui_oauth2_redirect_html`.
pub fn swagger_ui_oauth2_redirect_html() -> Response {
    frame::page("Swagger UI: OAuth2 Redirect", "", SCRIPT)
}

const SCRIPT: &str = r#"<script>
const asked = window.opener.swaggerUIRedirectOauth2;
const inHash = /code|token|error/.test(location.hash);
const answer = Object.fromEntries(
  new URLSearchParams(inHash ? location.hash.slice(1).replace('?', '&') : location.search));
const { auth, redirectUrl, state } = asked;
const isValid = answer.state === state;
const report = (level, message) =>
  asked.errCb({ authId: auth.name, source: 'auth', level, message });
const byCode = ['accessCode', 'authorizationCode', 'authorization_code'];

if (byCode.includes(auth.schema.get('flow')) && !auth.code) {
  if (!isValid) {
    report('warning', 'The state that came back is not the one that was sent: somebody else may have sent this answer.');
  }
  if (answer.code) {
    delete asked.state;
    auth.code = answer.code;
    asked.callback({ auth, redirectUrl });
  } else {
    const { error, error_description, error_uri } = answer;
    const reason = error && [`[${error}]`, error_description, error_uri].filter(Boolean).join(' ');
    report('error', reason || 'The server sent no access code.');
  }
} else {
  asked.callback({ auth, token: answer, isValid, redirectUrl });
}
window.close();
</script>"#;
