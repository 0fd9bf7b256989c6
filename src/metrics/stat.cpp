#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include <vitals/metrics/metric.h>

namespace vitals::metrics {
namespace {

struct NamedStat {
  std::string_view name;
  Stat::Kind kind;
};
constexpr std::array<NamedStat, 7> kNamedStats{{{"mean", Stat::Kind::mean},
                                                {"sum", Stat::Kind::sum},
                                                {"min", Stat::Kind::min},
                                                {"max", Stat::Kind::max},
                                                {"count", Stat::Kind::count},
                                                {"rate", Stat::Kind::rate},
                                                {"stddev", Stat::Kind::stddev}}};

/// A percentile's longest text has this many decimals.
constexpr double kDecimalsScale = 1e9;
constexpr std::size_t kPercentileBytesMax = 12;

}  // namespace

std::string Stat::to_string() const {
  for (const NamedStat& named : kNamedStats) {
    if (named.kind == kind) return std::string(named.name);
  }
  // 0.999 · 100 is not quite 99.9: rounding to the decimals that were read gives it back.
  const double percent = std::round(quantile * 100 * kDecimalsScale) / kDecimalsScale;
  std::array<char, 32> digits{};
  const char* end =
      std::to_chars(digits.data(), digits.data() + digits.size(), percent, std::chars_format::fixed)
          .ptr;
  return "p" + std::string(static_cast<const char*>(digits.data()), end);
}

Result<Stat> parse_stat(std::string_view text) {
  for (const NamedStat& named : kNamedStats) {
    if (named.name == text) return Stat{named.kind, 0};
  }
  const Error refused{Errc::invalid_argument,
                      "unknown stat '" + std::string(text) +
                          "': expected mean, sum, min, max, count, rate, stddev or a percentile "
                          "above p0 and below p100, as p95 or p99.9"};
  if (text.size() < 2 || text.size() > kPercentileBytesMax || text[0] != 'p') return refused;
  double percent = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] =
      std::from_chars(text.data() + 1, end, percent, std::chars_format::fixed);
  if (error != std::errc{} || stop != end || !(percent > 0 && percent < 100)) return refused;
  return Stat{Stat::Kind::quantile, percent / 100};
}

bool is_total(const MetricInfo& info, const Stat& stat) {
  if (!info.takes_stat) return info.is_total;
  return stat.kind == Stat::Kind::sum || stat.kind == Stat::Kind::count ||
         stat.kind == Stat::Kind::rate;
}

}  // namespace vitals::metrics
