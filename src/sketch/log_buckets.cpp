#include <algorithm>
#include <cmath>
#include <limits>

#include <vitals/sketch/log_buckets.h>

#include "bytes.h"

namespace vitals::sketch {
namespace {

static_assert(LogBuckets::kBucketsMax % LogBuckets::kStep == 0);

constexpr std::int32_t step_down(std::int32_t bucket) { return bucket & ~(LogBuckets::kStep - 1); }

double middle_of(std::int32_t bucket) {
  const double middle = std::exp((bucket + 0.5) * LogBuckets::kWidth);
  return std::clamp(middle, std::numeric_limits<double>::denorm_min(),
                    std::numeric_limits<double>::max());
}

}  // namespace

/// Widens the window to hold these buckets, as far as it may be widened.
void LogBuckets::cover(std::int32_t lowest, std::int32_t highest) {
  std::int32_t first = step_down(lowest);
  std::int32_t last = step_down(highest) + kStep;  // one past
  if (!counts_.empty()) {
    first = std::min(first, first_);
    last = std::max(last, end());
  }
  first = std::max(first, last - kBucketsMax);
  if (first == first_ && last == end()) return;
  if (first == first_) return counts_.resize(static_cast<std::size_t>(last - first));

  std::vector<std::uint64_t> counts(static_cast<std::size_t>(last - first));
  for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
    const std::int32_t bucket = first_ + static_cast<std::int32_t>(slot);
    counts[static_cast<std::size_t>(std::max(bucket, first) - first)] += counts_[slot];
  }
  first_ = first;
  counts_ = std::move(counts);
}

/// The slot of a bucket that the window does not hold yet; the lowest for one it will never hold.
std::uint32_t LogBuckets::slot_outside(std::int32_t bucket) {
  cover(bucket, bucket);
  return static_cast<std::uint32_t>(std::max(bucket, first_) - first_);
}

void LogBuckets::merge(const LogBuckets& other) {
  if (other.counts_.empty()) return;
  cover(other.first_, other.end() - 1);
  for (std::size_t slot = 0; slot < other.counts_.size(); ++slot) {
    const std::int32_t bucket = other.first_ + static_cast<std::int32_t>(slot);
    counts_[static_cast<std::size_t>(std::max(bucket, first_) - first_)] += other.counts_[slot];
  }
  count_ += other.count_;
}

bool LogBuckets::add(std::span<const Step> steps) {
  if (steps.empty()) return true;
  std::int32_t last = kBucketMin;
  std::uint64_t total = count_;
  for (const Step& step : steps) {
    const bool ascends = step.distance != 0 || &step == steps.data();
    if (!ascends || step.distance > static_cast<std::uint64_t>(kBucketMax - last)) return false;
    if (step.count == 0 || step.count > std::numeric_limits<std::uint64_t>::max() - total) {
      return false;
    }
    last += static_cast<std::int32_t>(step.distance);
    total += step.count;
  }
  std::int32_t bucket = kBucketMin;
  cover(kBucketMin + static_cast<std::int32_t>(steps.front().distance), last);
  for (const Step& step : steps) {
    bucket += static_cast<std::int32_t>(step.distance);
    counts_[static_cast<std::size_t>(std::max(bucket, first_) - first_)] += step.count;
  }
  count_ = total;
  return true;
}

double LogBuckets::at_rank(std::uint64_t rank) const {
  std::uint64_t seen = 0;
  std::int32_t bucket = first_;
  for (const std::uint64_t count : counts_) {
    seen += count;
    if (seen >= rank) break;
    ++bucket;
  }
  return middle_of(bucket);
}

void LogBuckets::encode(std::string& out) const {
  const auto used =
      counts_.size() - static_cast<std::size_t>(std::count(counts_.begin(), counts_.end(), 0U));
  append_varint(out, used);
  std::int32_t before = kBucketMin;
  for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
    if (counts_[slot] == 0) continue;
    const std::int32_t bucket = first_ + static_cast<std::int32_t>(slot);
    append_varint(out, static_cast<std::uint64_t>(bucket - before));
    append_varint(out, counts_[slot]);
    before = bucket;
  }
}

Result<LogBuckets> LogBuckets::decode(std::string_view& in) {
  const auto corrupt = [](const char* what) { return Error{Errc::corruption, what}; };
  std::uint64_t used = 0;
  if (!take_varint(in, used)) return corrupt("a quantile sketch is cut off");
  if (used > kBucketsMax) return corrupt("a quantile sketch has too many buckets");
  std::vector<Step> steps(used);
  for (Step& step : steps) {
    if (!take_varint(in, step.distance) || !take_varint(in, step.count)) {
      return corrupt("a quantile sketch is cut off");
    }
  }
  LogBuckets buckets;
  if (!buckets.add(steps)) return corrupt("a quantile sketch has impossible buckets");
  return buckets;
}

}  // namespace vitals::sketch
