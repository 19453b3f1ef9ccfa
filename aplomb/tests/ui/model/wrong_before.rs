use aplomb::prelude::*;

#[derive(Model)]
struct Parcel {
    #[field(validate_before = trim)]
    code: String,
    #[field(serialize_with = money)]
    price: f64,
}

fn trim(code: String) -> String {
    code.trim().to_owned()
}

struct Money(f64);

fn money(price: &f64) -> Money {
    Money(*price)
}

fn main() {}
