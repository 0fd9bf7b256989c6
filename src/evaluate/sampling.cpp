#include <vitals/base/hash.h>
#include <vitals/evaluate/evaluator.h>

namespace vitals::evaluate {

bool is_sampled(std::string_view execution_id, double share) {
  // A seed of its own: other hashes of ids say nothing about it. Of the hash, as many bits as a
  // double holds.
  constexpr std::uint64_t kSeed = 0x5a3d'1c86'7e0f'b249ULL;
  const std::uint64_t hash = hash64(execution_id, kSeed);
  return static_cast<double>(hash >> 11U) * 0x1p-53 < share;
}

}  // namespace vitals::evaluate
