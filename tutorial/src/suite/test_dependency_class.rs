//! Dependencies that are functions, may wait, or clean up.

use aplomb::prelude::*;

#[dependency]
fn callable(value: String) -> String {
    value
}

#[dependency]
async fn async_callable(value: String) -> String {
    value
}

#[dependency]
async fn lending(value: String, give: Yield<String>) -> Result<()> {
    give.lend(value).await;
    Ok(())
}

/// Operations that answer what a dependency gives.
macro_rules! given {
    ($($name:ident $path:literal $dependency:ident)*) => {$(
        #[get($path)]
        async fn $name(value: Depends<$dependency>) -> String {
            value.to_string()
        }
    )*};
}

given! {
    get_callable_dependency "/callable-dependency" callable
    get_callable_gen_dependency "/callable-gen-dependency" lending
    get_async_callable_dependency "/async-callable-dependency" async_callable
    get_async_callable_gen_dependency "/async-callable-gen-dependency" lending
    get_synchronous_method_dependency "/synchronous-method-dependency" callable
    get_synchronous_method_gen_dependency "/synchronous-method-gen-dependency" lending
    get_asynchronous_method_dependency "/asynchronous-method-dependency" async_callable
    get_asynchronous_method_gen_dependency "/asynchronous-method-gen-dependency" lending
    get_callable_dependency_class "/callable-dependency-class" callable
    get_callable_gen_dependency_class "/callable-gen-dependency-class" lending
    get_async_callable_dependency_class "/async-callable-dependency-class" async_callable
    get_async_callable_gen_dependency_class "/async-callable-gen-dependency-class" lending
}

#[rustfmt::skip]
pub fn app() -> App {
    App::new().routes(routes![
        get_callable_dependency, get_callable_gen_dependency, get_async_callable_dependency,
        get_async_callable_gen_dependency, get_synchronous_method_dependency,
        get_synchronous_method_gen_dependency, get_asynchronous_method_dependency,
        get_asynchronous_method_gen_dependency, get_callable_dependency_class,
        get_callable_gen_dependency_class, get_async_callable_dependency_class,
        get_async_callable_gen_dependency_class,
    ])
}
