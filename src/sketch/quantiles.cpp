#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include <vitals/sketch/quantiles.h>

#include "bytes.h"

namespace vitals::sketch {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max();

}  // namespace

std::uint64_t nearest_rank(double q, std::uint64_t n) {
  const double place = q * static_cast<double>(n);
  const double rank = std::ceil(place - place * 1e-12);
  if (!(rank > 1)) return 1;
  return rank >= static_cast<double>(n) ? n : static_cast<std::uint64_t>(rank);
}

void Quantiles::add(double value) { add(std::span(&value, 1)); }

void Quantiles::add(std::span<const double> values) {
  if (exact()) {
    const auto absent =
        std::count_if(values.begin(), values.end(), [](double v) { return std::isnan(v); });
    if (values_.size() + values.size() - static_cast<std::size_t>(absent) <= kExactMax) {
      keep(values);
      return;
    }
    leave_exact();
  }
  double low = kLargest, high = 0;
  for (const double value : values) {
    low = value > 0 ? std::min(low, value) : low;
    high = std::max(high, value);
  }
  if (high > 0) positive_.expect(low, std::min(high, kLargest));
  for (const double value : values) add_to_buckets(value);
}

void Quantiles::keep(std::span<const double> values) {
  if (values_.empty()) values_.reserve(std::min(values.size(), kExactMax));
  for (const double value : values) {
    if (std::isnan(value)) continue;
    const double kept = std::clamp(value, -kLargest, kLargest) + 0.0;  // -0 becomes 0
    values_.insert(std::upper_bound(values_.begin(), values_.end(), kept), kept);
  }
}

void Quantiles::add_to_buckets(double value) {
  if (value > 0) {
    positive_.add(std::min(value, kLargest));
  } else if (value < 0) {
    negative_.add(std::min(-value, kLargest));
  } else if (value == 0) {
    ++zeros_;
  }
}

void Quantiles::leave_exact() {
  for (const double value : values_) add_to_buckets(value);
  std::vector<double>().swap(values_);
}

void Quantiles::merge(const Quantiles& other) {
  if (exact() && other.exact() && values_.size() + other.values_.size() <= kExactMax) {
    std::vector<double> all;
    all.reserve(values_.size() + other.values_.size());
    std::merge(values_.begin(), values_.end(), other.values_.begin(), other.values_.end(),
               std::back_inserter(all));
    values_ = std::move(all);
    return;
  }
  if (&other == this && exact()) {
    merge(Quantiles(other));
    return;
  }
  leave_exact();
  for (const double value : other.values_) add_to_buckets(value);
  positive_.merge(other.positive_);
  negative_.merge(other.negative_);
  zeros_ += other.zeros_;
}

bool Quantiles::merge(std::uint64_t zeros, std::span<const LogBuckets::Step> negative,
                      std::span<const LogBuckets::Step> positive) {
  leave_exact();
  zeros_ += zeros;
  return negative_.add(negative) && positive_.add(positive);
}

std::uint64_t Quantiles::count() const {
  return values_.size() + zeros_ + positive_.count() + negative_.count();
}

double Quantiles::quantile(double q) const {
  const std::uint64_t rank = nearest_rank(q, count());
  if (exact()) return values_.empty() ? 0 : values_[rank - 1];
  const std::uint64_t below = negative_.count();
  if (rank <= below) return -negative_.at_rank(below - rank + 1);
  if (rank <= below + zeros_) return 0;
  return positive_.at_rank(rank - below - zeros_);
}

void Quantiles::encode(std::string& out) const {
  append_varint(out, zeros_);
  negative_.encode(out);
  positive_.encode(out);
}

Result<Quantiles> Quantiles::decode(std::string_view& in) {
  const auto corrupt = [](const char* what) { return Error{Errc::corruption, what}; };
  Quantiles sketch;
  if (!take_varint(in, sketch.zeros_)) return corrupt("a quantile sketch is cut off");
  Result<LogBuckets> negative = LogBuckets::decode(in);
  if (!negative) return std::move(negative).error();
  Result<LogBuckets> positive = LogBuckets::decode(in);
  if (!positive) return std::move(positive).error();
  sketch.negative_ = std::move(*negative);
  sketch.positive_ = std::move(*positive);

  const std::uint64_t parts[] = {sketch.negative_.count(), sketch.positive_.count()};
  std::uint64_t total = sketch.zeros_;
  for (const std::uint64_t part : parts) {
    if (part > std::numeric_limits<std::uint64_t>::max() - total) {
      return corrupt("a quantile sketch has an impossible count");
    }
    total += part;
  }
  if (total <= kExactMax) return corrupt("a quantile sketch has buckets for a few values");
  return sketch;
}

}  // namespace vitals::sketch
