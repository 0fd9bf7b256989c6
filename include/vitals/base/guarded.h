#pragma once

#include <mutex>
#include <utility>

namespace vitals {

/// A value that can only be reached through its lock.
///
///     Guarded<Counters> counters;
///     counters.with([](Counters& c) { ++c.sent; });
///
/// Do not call into other locked objects from inside `with`.
template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  template <class Visit>
  auto with(Visit&& visit) {
    const std::lock_guard lock(mutex_);
    return std::forward<Visit>(visit)(value_);
  }

  template <class Visit>
  auto with(Visit&& visit) const {
    const std::lock_guard lock(mutex_);
    return std::forward<Visit>(visit)(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

}  // namespace vitals
