#include <algorithm>
#include <cmath>
#include <limits>

#include <vitals/sketch/log_buckets.h>

#include "bytes.h"

namespace vitals::sketch {
namespace {

constexpr auto kPage = static_cast<std::int32_t>(LogBuckets::kPageBuckets);
static_assert((kPage & (kPage - 1)) == 0, "page_of() and slot_of() cut an index at a bit");

constexpr std::int32_t page_of(std::int32_t bucket) { return bucket & ~(kPage - 1); }
constexpr std::size_t slot_of(std::int32_t bucket) {
  return static_cast<std::size_t>(bucket & (kPage - 1));
}

// Where the smallest and the largest double fall: w·37,500 > ln(2^1074).
constexpr std::int32_t kBucketMin = -37'500;
constexpr std::int32_t kBucketMax = 35'700;

std::int32_t bucket_of(double magnitude) {
  const double place = std::log(magnitude) * (1.0 / LogBuckets::kWidth);
  const auto whole = static_cast<std::int32_t>(place);
  return whole - (place < whole ? 1 : 0);  // floor, without a library call
}

double middle_of(std::int32_t bucket) {
  const double middle = std::exp((bucket + 0.5) * LogBuckets::kWidth);
  return std::clamp(middle, std::numeric_limits<double>::denorm_min(),
                    std::numeric_limits<double>::max());
}

}  // namespace

void LogBuckets::add(double magnitude, std::uint64_t count) {
  add_bucket(bucket_of(magnitude), count);
}

void LogBuckets::add_bucket(std::int32_t bucket, std::uint64_t count) {
  const std::int32_t first = page_of(bucket);
  const bool below = pages_.size() == kPagesMax && first < pages_.front().first;
  if (below) {
    pages_.front().counts[0] += count;
  } else {
    page(first).counts[slot_of(bucket)] += count;
    collapse();
  }
  count_ += count;
}

/// The page that begins with bucket `first`, made if need be. Pages mostly are neighbours, so the
/// first guess is mostly right.
LogBuckets::Page& LogBuckets::page(std::int32_t first) {
  if (!pages_.empty() && first >= pages_.front().first) {
    const auto guess = static_cast<std::size_t>((first - pages_.front().first) / kPage);
    if (guess < pages_.size() && pages_[guess].first == first) return pages_[guess];
  }
  const auto at = std::lower_bound(pages_.begin(), pages_.end(), first,
                                   [](const Page& page, std::int32_t f) { return page.first < f; });
  if (at != pages_.end() && at->first == first) return *at;
  return *pages_.insert(at, Page{first, {}});
}

/// Keeps the highest pages; all that lies below is counted in the lowest bucket of the lowest one.
void LogBuckets::collapse() {
  if (pages_.size() <= kPagesMax) return;
  const auto keep = pages_.end() - static_cast<std::ptrdiff_t>(kPagesMax);
  for (auto page = pages_.begin(); page != keep; ++page) {
    for (const std::uint64_t count : page->counts) keep->counts[0] += count;
  }
  pages_.erase(pages_.begin(), keep);
}

void LogBuckets::merge(const LogBuckets& other) {
  for (const Page& theirs : other.pages_) {
    Page& mine = page(theirs.first);
    for (std::size_t slot = 0; slot < kPageBuckets; ++slot)
      mine.counts[slot] += theirs.counts[slot];
  }
  collapse();
  count_ += other.count_;
}

double LogBuckets::at_rank(std::uint64_t rank) const {
  std::uint64_t seen = 0;
  for (const Page& page : pages_) {
    for (std::size_t slot = 0; slot < kPageBuckets; ++slot) {
      seen += page.counts[slot];
      if (seen >= rank) return middle_of(page.first + static_cast<std::int32_t>(slot));
    }
  }
  return pages_.empty() ? 0 : middle_of(pages_.back().first + kPage - 1);
}

// Buckets that hold something: how many, then of each the distance to the one before and the count.
void LogBuckets::encode(std::string& out) const {
  std::uint64_t used = 0;
  for (const Page& page : pages_) {
    for (const std::uint64_t count : page.counts) used += count != 0 ? 1 : 0;
  }
  append_varint(out, used);
  std::int32_t before = kBucketMin;
  for (const Page& page : pages_) {
    for (std::size_t slot = 0; slot < kPageBuckets; ++slot) {
      if (page.counts[slot] == 0) continue;
      const std::int32_t bucket = page.first + static_cast<std::int32_t>(slot);
      append_varint(out, static_cast<std::uint64_t>(bucket - before));
      append_varint(out, page.counts[slot]);
      before = bucket;
    }
  }
}

Result<LogBuckets> LogBuckets::decode(std::string_view& in) {
  const auto corrupt = [](const char* what) { return Error{Errc::corruption, what}; };
  std::uint64_t used = 0;
  if (!take_varint(in, used)) return corrupt("a quantile sketch is cut off");
  if (used > kPagesMax * kPageBuckets) return corrupt("a quantile sketch has too many buckets");
  LogBuckets buckets;
  std::int32_t bucket = kBucketMin;
  for (std::uint64_t i = 0; i < used; ++i) {
    std::uint64_t distance = 0, count = 0;
    if (!take_varint(in, distance) || !take_varint(in, count)) {
      return corrupt("a quantile sketch is cut off");
    }
    if (distance > static_cast<std::uint64_t>(kBucketMax - bucket) || (distance == 0 && i != 0)) {
      return corrupt("a quantile sketch has buckets out of order or range");
    }
    if (count == 0 || count > std::numeric_limits<std::uint64_t>::max() - buckets.count_) {
      return corrupt("a quantile sketch has an impossible count");
    }
    bucket += static_cast<std::int32_t>(distance);
    buckets.add_bucket(bucket, count);
  }
  return buckets;
}

}  // namespace vitals::sketch
