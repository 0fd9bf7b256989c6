#pragma once

#include <cstdint>
#include <random>
#include <string>

#include <vitals/base/clock.h>

namespace vitals {

/// Makes UUIDv7 (RFC 9562 §5.7): time-ordered, unique. Not thread-safe: one per thread.
class UuidGenerator {
 public:
  /// Seeds from the operating system.
  UuidGenerator();
  /// For tests: a fixed sequence.
  explicit UuidGenerator(std::uint64_t seed) : random_(seed) {}

  /// 36 lower-case characters.
  std::string next(TimeMs now);

 private:
  std::mt19937_64 random_;
};

}  // namespace vitals
