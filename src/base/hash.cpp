#include <random>

#include <vitals/base/hash.h>

namespace vitals {

std::uint64_t table_seed() {
  static const std::uint64_t seed = [] {
    std::random_device random;
    return static_cast<std::uint64_t>(random()) << 32U | random();
  }();
  return seed;
}

}  // namespace vitals
