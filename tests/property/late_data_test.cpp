// Late data, backfill, repeated batches and clocks that jump: whatever happens in whatever order,
// every total at every resolution is that of a plain list of the events.
#include <cstdlib>
#include <random>

#include <catch2/catch.hpp>

#include "world.h"

using namespace vitals::property;

namespace {

/// VITALS_SEED=n runs that seed alone, in the test that is named; VITALS_SEEDS=n runs so many.
/// Sanitizers are slow, and look for what a fifth shows as well.
void run_seeds(Disk disk, std::uint64_t count, int steps) {
  std::uint64_t first = std::random_device{}();
  if (std::getenv("VITALS_SANITIZED") != nullptr) count /= 5;
  if (const char* seeds = std::getenv("VITALS_SEEDS")) count = std::strtoull(seeds, nullptr, 10);
  if (const char* seed = std::getenv("VITALS_SEED")) {
    first = std::strtoull(seed, nullptr, 10);
    count = 1;
  }
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    INFO("again with VITALS_SEED=" << seed);
    World(seed, disk).live(steps);
  }
}

}  // namespace

TEST_CASE("totals are right whatever happens, in memory") { run_seeds(Disk::memory, 1000, 40); }

TEST_CASE("totals are right whatever happens, RocksDB") { run_seeds(Disk::rocks, 40, 40); }
