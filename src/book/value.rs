//! Values on their way between the book and the database beneath it: integers, texts, bytes, and nothing.
//!
//! Used by every statement of the book and by each engine beneath. Pure; knows no database. What a row holds is
//! lent, never copied unless somebody asks for an owned text.

use std::borrow::Cow;

use super::error::BookError;

/// A value of a row, lent for as long as the row is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'v> {
    Null,
    Integer(i64),
    Text(&'v str),
    Bytes(&'v [u8]),
}

/// What a statement is given for one of its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Param<'v> {
    Null,
    Integer(i64),
    Text(&'v str),
    Bytes(&'v [u8]),
    /// A set of numbers: what `each(?n)` stands for in a statement.
    Each(&'v [i64]),
}

impl<'v> From<Value<'v>> for Param<'v> {
    fn from(value: Value<'v>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(number),
            Value::Text(text) => Self::Text(text),
            Value::Bytes(bytes) => Self::Bytes(bytes),
        }
    }
}

/// What can be given to a statement.
pub(super) trait ToParam {
    fn param(&self) -> Param<'_>;
}

/// What can be read out of a column; what doesn't fit is damage, never a default.
pub(super) trait FromValue: Sized {
    fn from_value(value: Value<'_>) -> Option<Self>;
}

/// Everything that a statement is given, in order.
pub(super) trait Params {
    fn each(self, bind: impl FnMut(Param<'_>) -> Result<(), BookError>) -> Result<(), BookError>;
}

macro_rules! integers {
    ($($kind:ty),*) => { $(
        impl ToParam for $kind {
            fn param(&self) -> Param<'_> {
                Param::Integer(i64::from(*self))
            }
        }

        impl FromValue for $kind {
            fn from_value(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::Integer(number) => number.try_into().ok(),
                    Value::Null | Value::Text(_) | Value::Bytes(_) => None,
                }
            }
        }
    )* };
}
integers!(i64, i32, u32, u8);

impl ToParam for bool {
    fn param(&self) -> Param<'_> {
        Param::Integer(i64::from(*self))
    }
}

impl FromValue for bool {
    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl ToParam for str {
    fn param(&self) -> Param<'_> {
        Param::Text(self)
    }
}

impl ToParam for String {
    fn param(&self) -> Param<'_> {
        Param::Text(self)
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.to_owned()),
            Value::Null | Value::Integer(_) | Value::Bytes(_) => None,
        }
    }
}

impl ToParam for [u8] {
    fn param(&self) -> Param<'_> {
        Param::Bytes(self)
    }
}

impl<const N: usize> ToParam for [u8; N] {
    fn param(&self) -> Param<'_> {
        Param::Bytes(self)
    }
}

impl ToParam for Vec<u8> {
    fn param(&self) -> Param<'_> {
        Param::Bytes(self)
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes.to_vec()),
            Value::Null | Value::Integer(_) | Value::Text(_) => None,
        }
    }
}

impl ToParam for [i64] {
    fn param(&self) -> Param<'_> {
        Param::Each(self)
    }
}

impl ToParam for Vec<i64> {
    fn param(&self) -> Param<'_> {
        Param::Each(self)
    }
}

impl<T: ToParam> ToParam for Option<T> {
    fn param(&self) -> Param<'_> {
        self.as_ref().map_or(Param::Null, ToParam::param)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl<T: ToParam + ToOwned + ?Sized> ToParam for Cow<'_, T> {
    fn param(&self) -> Param<'_> {
        self.as_ref().param()
    }
}

impl<T: ToParam + ?Sized> ToParam for &T {
    fn param(&self) -> Param<'_> {
        (**self).param()
    }
}

impl<T: ToParam, const N: usize> Params for [T; N] {
    fn each(self, bind: impl FnMut(Param<'_>) -> Result<(), BookError>) -> Result<(), BookError> {
        self.iter().map(ToParam::param).try_for_each(bind)
    }
}

impl<T: ToParam> Params for &[T] {
    fn each(self, bind: impl FnMut(Param<'_>) -> Result<(), BookError>) -> Result<(), BookError> {
        self.iter().map(ToParam::param).try_for_each(bind)
    }
}

/// No parameters at all.
impl Params for () {
    fn each(self, _: impl FnMut(Param<'_>) -> Result<(), BookError>) -> Result<(), BookError> {
        Ok(())
    }
}

macro_rules! tuples {
    ($(($($kind:ident $at:tt),*)),* $(,)?) => { $(
        impl<$($kind: ToParam),*> Params for ($($kind,)*) {
            fn each(self, mut bind: impl FnMut(Param<'_>) -> Result<(), BookError>) -> Result<(), BookError> {
                $(bind(self.$at.param())?;)*
                Ok(())
            }
        }
    )* };
}
tuples!(
    (A 0),
    (A 0, B 1),
    (A 0, B 1, C 2),
    (A 0, B 1, C 2, D 3),
    (A 0, B 1, C 2, D 3, E 4),
    (A 0, B 1, C 2, D 3, E 4, F 5),
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6),
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_no_value() {
        assert_eq!(u8::from_value(Value::Integer(256)), None);
        assert_eq!(i64::from_value(Value::Null), None);
        assert_eq!(Option::<i64>::from_value(Value::Null), Some(None));
        assert_eq!(Option::<i64>::from_value(Value::Text("1")), None);
        assert_eq!(bool::from_value(Value::Integer(2)), Some(true));
        assert_eq!(String::from_value(Value::Bytes(b"x")), None);
    }

    #[test]
    fn parameters_come_in_their_order() {
        let mut seen = Vec::new();
        let one = (7_u32, "a", None::<i64>, [1_u8, 2], vec![3_i64]);
        one.each(|param| {
            seen.push(format!("{param:?}"));
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, ["Integer(7)", "Text(\"a\")", "Null", "Bytes([1, 2])", "Each([3])"]);
    }
}
