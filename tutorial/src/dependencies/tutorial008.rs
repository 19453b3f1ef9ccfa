//! Clean-up in a chain: each closes what it made while that which it was made from is open.

use aplomb::prelude::*;

struct DepA;
struct DepB;
struct DepC;

#[dependency]
async fn dependency_a(give: Yield<DepA>) -> Result<()> {
    give.lend(DepA).await;
    println!("a closed");
    Ok(())
}

#[dependency]
async fn dependency_b(dep_a: Depends<dependency_a>, give: Yield<DepB>) -> Result<()> {
    give.lend(DepB).await;
    let DepA = *dep_a;
    println!("b closed with a");
    Ok(())
}

#[dependency]
async fn dependency_c(dep_b: Depends<dependency_b>, give: Yield<DepC>) -> Result<()> {
    give.lend(DepC).await;
    let DepB = *dep_b;
    println!("c closed with b");
    Ok(())
}

#[get("/")]
async fn read_root(c: Depends<dependency_c>) -> Value {
    let DepC = *c;
    json!({"c": "DepC"})
}

pub fn app() -> App {
    App::new().routes(routes![read_root])
}
