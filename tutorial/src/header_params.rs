pub mod tutorial002;
pub mod tutorial003;
