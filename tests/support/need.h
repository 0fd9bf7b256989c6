#pragma once

#include <utility>

#include <catch2/catch.hpp>

#include <vitals/base/result.h>

namespace vitals::test {

/// The value; the test ends where there is none.
template <class Value>
Value need(Result<Value> result) {
  if (!result.ok()) FAIL(result.error().message);
  return *std::move(result);
}

}  // namespace vitals::test
