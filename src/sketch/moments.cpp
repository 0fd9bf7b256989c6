#include <algorithm>
#include <cmath>

#include <vitals/sketch/moments.h>

namespace vitals::sketch {
namespace {

/// sum + error is exactly the old sum plus value (Knuth, TAOCP 2, 4.2.2, theorem B).
inline void two_sum(double& sum, double& compensation, double value) {
  const double next = sum + value;
  const double part = next - sum;
  compensation += (sum - (next - part)) + (value - part);
  sum = next;
}

}  // namespace

void Moments::add(double value) {
  ++count;
  two_sum(sum, compensation, value);
  const double delta = value - mean;
  mean += delta / static_cast<double>(count);
  m2 += delta * (value - mean);
  min = std::min(min, value);
  max = std::max(max, value);
}

void Moments::add(std::span<const double> values) {
  if (values.empty()) return;
  Moments part;
  part.count = values.size();
  for (const double value : values) {
    two_sum(part.sum, part.compensation, value);
    part.min = std::min(part.min, value);
    part.max = std::max(part.max, value);
  }
  const auto n = static_cast<double>(values.size());
  part.mean = part.total() / n;
  double deviations = 0;  // 0 but for rounding; its square corrects m2 (Chan et al., eq. 1.7)
  for (const double value : values) {
    const double delta = value - part.mean;
    deviations += delta;
    part.m2 += delta * delta;
  }
  part.m2 = std::max(0.0, part.m2 - deviations * deviations / n);
  merge(part);
}

void Moments::merge(const Moments& other) {
  if (other.count == 0) return;
  if (count == 0) {
    *this = other;
    return;
  }
  const auto mine = static_cast<double>(count);
  const auto theirs = static_cast<double>(other.count);
  const double delta = other.mean - mean;
  const double share = theirs / (mine + theirs);
  count += other.count;
  compensation += other.compensation;
  two_sum(sum, compensation, other.sum);
  mean += delta * share;
  m2 += other.m2 + delta * delta * mine * share;
  min = std::min(min, other.min);
  max = std::max(max, other.max);
}

double Moments::stddev() const { return std::sqrt(m2 / static_cast<double>(count)); }

}  // namespace vitals::sketch
