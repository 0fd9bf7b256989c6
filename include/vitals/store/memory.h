#pragma once

#include <memory>

#include <vitals/store/store.h>

namespace vitals::store {

/// The same contract in a std::map: the tests' oracle and a fast stand-in. Nothing is durable.
std::unique_ptr<Store> open_memory();

}  // namespace vitals::store
