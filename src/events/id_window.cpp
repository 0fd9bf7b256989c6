#include "id_window.h"

#include <algorithm>
#include <limits>

namespace vitals::events {
namespace {

constexpr std::uint64_t kPositionsMin = 1ULL << 16U;
constexpr std::uint64_t kPositionsMax = 1ULL << 22U;
constexpr unsigned kGrowth = 4;
constexpr std::uint64_t kRanges = 1ULL << 12U;
constexpr unsigned kRangeBits = 12;
constexpr std::uint32_t kFingerprintMask = (1U << 20U) - 1;
/// Of 16 entries of a line, on average when the generation is full: 64 / 12.8 = 5 bytes an id.
constexpr std::uint64_t kLoadTenths = 128;

/// Never 0, so that an entry is never 0, which is a free one.
std::uint32_t fingerprint(std::uint64_t hash) {
  const auto low = static_cast<std::uint32_t>(hash) & kFingerprintMask;
  return low == 0 ? 1 : low;
}

}  // namespace

std::size_t IdWindow::line_of(const Generation& generation, std::uint64_t hash) {
  // The high half chooses the line, the low bits are the fingerprint.
  return static_cast<std::size_t>((hash >> 32U) * generation.lines.size() >> 32U);
}

void IdWindow::start_generation(Position base) {
  const std::uint64_t positions =
      generations_.empty() ? kPositionsMin
                           : std::min(kPositionsMax, generations_.back().positions * kGrowth);
  Generation generation;
  generation.base = base;
  generation.newest = base;
  generation.positions = positions;
  generation.newest_arrival_ms = std::numeric_limits<TimeMs>::min();
  generation.lines.resize(static_cast<std::size_t>(positions * 10 / kLoadTenths));
  generations_.push_back(std::move(generation));
}

void IdWindow::add(std::uint64_t hash, Position position, TimeMs arrival_ms) {
  if (generations_.empty() ||
      position - generations_.back().base >= generations_.back().positions) {
    start_generation(position);
  }
  Generation& generation = generations_.back();
  const std::uint64_t range = (position - generation.base) / (generation.positions / kRanges);
  const std::uint32_t entry = fingerprint(hash) << kRangeBits | static_cast<std::uint32_t>(range);
  for (std::size_t at = line_of(generation, hash);; at = (at + 1) % generation.lines.size()) {
    auto& entries = generation.lines[at].entries;
    if (entries.back() != 0) continue;
    *std::find(entries.begin(), entries.end(), 0U) = entry;
    break;
  }
  generation.newest = position;
  generation.newest_arrival_ms = std::max(generation.newest_arrival_ms, arrival_ms);
  ++generation.ids;
  ++ids_;
}

void IdWindow::prefetch(std::uint64_t hash) const {
  for (const Generation& generation : generations_) {
    __builtin_prefetch(&generation.lines[line_of(generation, hash)]);
  }
}

void IdWindow::prefetch_add(std::uint64_t hash) const {
  if (generations_.empty()) return;
  const Generation& newest = generations_.back();
  __builtin_prefetch(&newest.lines[line_of(newest, hash)], 1);
}

void IdWindow::find(std::uint64_t hash, std::vector<Range>& ranges) const {
  const std::uint32_t wanted = fingerprint(hash);
  for (const Generation& generation : generations_) {
    const std::uint64_t range_positions = generation.positions / kRanges;
    for (std::size_t at = line_of(generation, hash);; at = (at + 1) % generation.lines.size()) {
      const auto& entries = generation.lines[at].entries;
      std::uint32_t hits = 0;
      for (std::size_t i = 0; i < entries.size(); ++i) {
        hits |= static_cast<std::uint32_t>(entries[i] >> kRangeBits == wanted) << i;
      }
      for (std::size_t i = 0; hits != 0; ++i, hits >>= 1U) {
        if ((hits & 1U) == 0) continue;
        const std::uint64_t range = entries[i] & (kRanges - 1);
        const Position begin = generation.base + range * range_positions;
        ranges.push_back({begin, begin + range_positions});
      }
      if (entries.back() == 0) break;
    }
  }
}

void IdWindow::forget(Position before, Position recent, TimeMs arrived_before_ms) {
  while (!generations_.empty()) {
    const Generation& oldest = generations_.front();
    const bool by_position = oldest.base + oldest.positions <= before;
    const bool by_age = oldest.newest < recent && oldest.newest_arrival_ms < arrived_before_ms;
    if (!by_position && !by_age) break;
    ids_ -= oldest.ids;
    generations_.pop_front();
  }
}

std::size_t IdWindow::memory_bytes() const {
  std::size_t bytes = 0;
  for (const Generation& generation : generations_) bytes += generation.lines.size() * sizeof(Line);
  return bytes;
}

}  // namespace vitals::events
