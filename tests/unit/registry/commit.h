#pragma once

#include <catch2/catch.hpp>

#include <vitals/store/store.h>

namespace vitals::registry::test {

inline void commit(store::Store& store, const store::WriteBatch& changes) {
  REQUIRE(store.commit(changes, store::Sync::yes));
}

}  // namespace vitals::registry::test
