//! A log-in with hashed passwords and signed tokens.

use std::time::Duration;

use aplomb::prelude::*;
use aplomb::security::jwt::{Claims, Key, Verifier};
use aplomb::security::passwords::Passwords;
use aplomb::security::{OAuth2PasswordBearer, OAuth2PasswordRequestForm};

/// What the tests of FastAPI sign their tokens with.
const SECRET_KEY: &str = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7";
const ACCESS_TOKEN_EXPIRE: Duration = Duration::from_secs(30 * 60);
/// The hash of `secret`.
const HASHED_SECRET: &str = "$argon2id$v=19$m=65536,t=3,p=4$wagCPXjifgvUFBzq4hqe3w$CYaIb8sB+wtD+Vu/P4uod1+Qof8h+1g7bbDlBID48Rc";

#[derive(Model)]
struct Token {
    access_token: String,
    token_type: String,
}

#[derive(Clone, Model)]
struct User {
    username: String,
    email: Option<String>,
    full_name: Option<String>,
    disabled: Option<bool>,
}

struct StoredUser {
    user: User,
    hashed_password: &'static str,
}

fn get_user(name: &str) -> Option<StoredUser> {
    (name == "johndoe").then(|| StoredUser {
        user: User {
            username: "johndoe".to_owned(),
            email: Some("johndoe@example.com".to_owned()),
            full_name: Some("John Doe".to_owned()),
            disabled: Some(false),
        },
        hashed_password: HASHED_SECRET,
    })
}

fn unauthorized(detail: &str) -> HttpException {
    HttpException::unauthorized(detail).header("www-authenticate", "Bearer")
}

#[security]
fn oauth2_scheme() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
}

#[dependency]
async fn get_current_user(
    token: Depends<oauth2_scheme>,
    verifier: State<Verifier>,
) -> Result<User> {
    let claims: Claims = verifier.verify(&token)?;
    match get_user(&claims.sub) {
        Some(stored) => Ok(stored.user),
        None => Err(unauthorized("Could not validate credentials").into()),
    }
}

#[dependency]
async fn get_current_active_user(current_user: Depends<get_current_user>) -> Result<User> {
    if current_user.disabled == Some(true) {
        return Err(HttpException::bad_request("Inactive user").into());
    }
    Ok(current_user.into_inner())
}

#[post("/token")]
async fn login_for_access_token(
    form: Depends<OAuth2PasswordRequestForm>,
    passwords: State<Passwords>,
    verifier: State<Verifier>,
) -> Result<Token> {
    let stored = get_user(&form.username);
    let hash = stored.as_ref().map(|stored| stored.hashed_password);
    let right = passwords.verify(&form.password, hash).await?;
    match stored {
        Some(StoredUser { user, .. }) if right => Ok(Token {
            access_token: verifier
                .key()
                .issue(&Claims::new(user.username, ACCESS_TOKEN_EXPIRE))?,
            token_type: "bearer".to_owned(),
        }),
        _ => Err(unauthorized("Incorrect username or password").into()),
    }
}

#[get("/users/me/")]
async fn read_users_me(current_user: Depends<get_current_active_user>) -> User {
    current_user.into_inner()
}

#[get("/users/me/items/")]
async fn read_own_items(current_user: Depends<get_current_active_user>) -> Value {
    json!([{"item_id": "Foo", "owner": current_user.username}])
}

pub fn app() -> App {
    let key = Key::hs256(SECRET_KEY).expect("the key is long enough");
    App::new()
        .state(Passwords::new())
        .state(Verifier::new(key))
        .routes(routes![
            login_for_access_token,
            read_users_me,
            read_own_items
        ])
}
