/// What the tests of all modules share: a clock that they advance, and the rules that hold for each
/// test. Nothing here knows the product's behaviour.
package dev.nsmon.testing;
