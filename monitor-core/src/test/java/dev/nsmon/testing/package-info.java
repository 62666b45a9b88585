/// What the tests of all modules share: a clock that they advance, the rules that hold for each
/// test, and programs, pipes and ports that they use within a time and a size. Nothing here knows
/// the product's behaviour.
package dev.nsmon.testing;
