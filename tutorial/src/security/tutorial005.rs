//! A log-in whose tokens have scopes.

use std::time::Duration;

use aplomb::prelude::*;
use aplomb::security::jwt::{Claims, Key, Verifier};
use aplomb::security::passwords::Passwords;
use aplomb::security::{OAuth2PasswordBearer, OAuth2PasswordRequestForm, SecurityScopes};

/// What the tests of FastAPI sign their tokens with.
const SECRET_KEY: &str = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7";
const ACCESS_TOKEN_EXPIRE: Duration = Duration::from_secs(30 * 60);

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
    let (full_name, email, hashed_password, disabled) = match name {
        "johndoe" => (
            "John Doe",
            "johndoe@example.com",
            "$argon2id$v=19$m=65536,t=3,p=4$wagCPXjifgvUFBzq4hqe3w$CYaIb8sB+wtD+Vu/P4uod1+Qof8h+1g7bbDlBID48Rc",
            false,
        ),
        "alice" => (
            "Alice Chains",
            "alicechains@example.com",
            "$argon2id$v=19$m=65536,t=3,p=4$g2/AV1zwopqUntPKJavBFw$BwpRGDCyUHLvHICnwijyX8ROGoiUPwNKZ7915MeYfCE",
            true,
        ),
        _ => return None,
    };
    Some(StoredUser {
        user: User {
            username: name.to_owned(),
            email: Some(email.to_owned()),
            full_name: Some(full_name.to_owned()),
            disabled: Some(disabled),
        },
        hashed_password,
    })
}

#[security]
fn oauth2_scheme() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
        .scope("me", "Read information about the current user.")
        .scope("items", "Read items.")
}

#[dependency]
async fn get_current_user(
    security_scopes: SecurityScopes,
    token: Depends<oauth2_scheme>,
    verifier: State<Verifier>,
) -> Result<User> {
    let challenge = match security_scopes.is_empty() {
        true => "Bearer".to_owned(),
        false => format!("Bearer scope=\"{}\"", security_scopes.scope_str()),
    };
    let refused =
        |detail: &str| HttpException::unauthorized(detail).header("www-authenticate", &challenge);
    let invalid = || refused("Could not validate credentials");
    let claims: Claims = verifier.verify(&token).map_err(|_| invalid())?;
    let stored = get_user(&claims.sub).ok_or_else(invalid)?;
    let allowed = |scope: &str| claims.scopes().any(|known| known == scope);
    if !security_scopes.iter().all(allowed) {
        return Err(refused("Not enough permissions").into());
    }
    Ok(stored.user)
}

#[dependency]
async fn get_current_active_user(
    #[security(scopes("me"))] current_user: Depends<get_current_user>,
) -> Result<User> {
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
        Some(StoredUser { user, .. }) if right => {
            let scopes: Vec<&str> = form.scopes().collect();
            let mut claims = Claims::new(user.username, ACCESS_TOKEN_EXPIRE);
            claims.scope = Some(scopes.join(" "));
            Ok(Token {
                access_token: verifier.key().issue(&claims)?,
                token_type: "bearer".to_owned(),
            })
        }
        _ => Err(HttpException::bad_request("Incorrect username or password").into()),
    }
}

#[get("/users/me/")]
async fn read_users_me(current_user: Depends<get_current_active_user>) -> User {
    current_user.into_inner()
}

#[get("/users/me/items/")]
async fn read_own_items(
    #[security(scopes("items"))] current_user: Depends<get_current_active_user>,
) -> Value {
    json!([{"item_id": "Foo", "owner": current_user.username}])
}

#[get("/status/")]
async fn read_system_status(_current_user: Depends<get_current_user>) -> Value {
    json!({"status": "ok"})
}

pub fn app() -> App {
    let key = Key::hs256(SECRET_KEY).expect("the key is long enough");
    App::new()
        .state(Passwords::new())
        .state(Verifier::new(key))
        .routes(routes![
            login_for_access_token,
            read_users_me,
            read_own_items,
            read_system_status
        ])
}
