//! Checks that several modules share.

use aplomb::prelude::*;

#[dependency]
pub async fn get_token_header(#[header] x_token: String) -> Result<()> {
    if x_token != "fake-super-secret-token" {
        return Err(HttpException::bad_request("X-Token header invalid").into());
    }
    Ok(())
}

#[dependency]
pub async fn get_query_token(token: String) -> Result<()> {
    if token != "jessica" {
        return Err(HttpException::bad_request("No Jessica token provided").into());
    }
    Ok(())
}
