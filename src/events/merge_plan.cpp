#include "merge_plan.h"

#include <algorithm>

namespace vitals::events {
namespace {

constexpr std::uint64_t kOutgrown = 8;

TimeMs bucket(const IndexEntry& entry, const MergeRules& rules) {
  return entry.arrival_ms / rules.arrival_bucket_ms;
}

bool small(const IndexEntry& entry, const MergeRules& rules) {
  return entry.rows <= rules.block_rows / 2;
}

/// Where the run that begins here must end.
std::size_t run_end(std::span<const IndexEntry> entries, std::size_t begin,
                    const MergeRules& rules) {
  std::uint64_t rows = 0;
  std::size_t end = begin;
  for (; end < entries.size(); ++end) {
    const IndexEntry& entry = entries[end];
    rows += entry.rows;
    if (!small(entry, rules) || rows > rules.block_rows ||
        bucket(entry, rules) != bucket(entries[begin], rules) ||
        entry.nobodys != entries[begin].nobodys) {
      break;
    }
  }
  return end;
}

}  // namespace

MergePlan plan_merge(std::span<const IndexEntry> entries, const MergeRules& rules) {
  MergePlan plan;
  while (plan.settled < entries.size()) {
    const std::size_t begin = plan.settled;
    const std::size_t end = run_end(entries, begin, rules);
    if (end == entries.size()) {
      std::uint64_t rows = 0, largest = 0;
      for (std::size_t at = end; at-- > begin;) {
        rows += entries[at].rows;
        largest = std::max<std::uint64_t>(largest, entries[at].rows);
        if (rows >= kOutgrown * largest) {
          plan.begin = at;
          plan.end = end;
        }
      }
      return plan;
    }
    if (end - begin >= 2) {
      plan.begin = begin;
      plan.end = end;
      return plan;
    }
    plan.settled = std::max(end, begin + 1);
  }
  return plan;
}

}  // namespace vitals::events
