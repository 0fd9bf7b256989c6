#include "traffic.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

#include <vitals/base/clock.h>

namespace vitals::cli {
namespace {

using Json = nlohmann::ordered_json;

/// A prompt of the made-up product and how it usually does.
struct Prompt {
  const char* name;
  double share;             ///< of all executions
  const char* version;      ///< that runs now
  const char* old_version;  ///< that ran before the last midnight, UTC
  double success;
  double quality;  ///< mean of its dimensions
  double duration_ms;
  double input_tokens;
  double output_tokens;
  double rating;
};

constexpr std::array<Prompt, 6> kPrompts{{
    {"support-reply", 0.34, "v7", "v6", 0.982, 8.9, 6'500, 1'400, 260, 4.5},
    {"search-summary", 0.26, "v12", "v11", 0.991, 8.7, 3'200, 2'600, 180, 4.4},
    {"invoice-extract", 0.16, "v4", "v4", 0.972, 9.1, 9'000, 3'100, 420, 4.6},
    {"code-review", 0.12, "v3", "v2", 0.968, 8.6, 21'000, 4'200, 900, 4.3},
    {"product-copy", 0.08, "v9", "v8", 0.988, 8.5, 12'000, 700, 650, 4.2},
    {"risk-triage", 0.04, "v2", "v2", 0.975, 8.8, 15'000, 2'200, 340, 4.4},
}};

struct Model {
  const char* name;
  const char* provider;
  double share;
  double speed;         ///< factor on the duration
  double input_price;   ///< USD per million tokens, made up
  double output_price;  ///< USD per million tokens, made up
};

constexpr std::array<Model, 4> kModels{{
    {"large-1", "north", 0.40, 1.00, 3.0, 15.0},
    {"small-1", "north", 0.30, 0.45, 0.25, 1.25},
    {"open-70b", "in-house", 0.20, 1.20, 0.6, 0.8},
    {"fast-2", "south", 0.10, 0.60, 0.4, 1.6},
}};

constexpr std::array<const char*, 5> kErrors{"timeout", "rate_limit", "invalid_output",
                                             "tool_failure", "content_filter"};
constexpr std::array<const char*, 3> kRegions{"eu-west", "us-east", "ap-south"};
constexpr const char* kBadVersion = "v8";

/// The entry that a draw from [0, 1) falls on.
template <class Entries>
const auto& pick(const Entries& entries, double draw) {
  for (const auto& entry : entries) {
    if (draw < entry.share) return entry;
    draw -= entry.share;
  }
  return entries.back();
}

template <class Names>
const char* pick_name(const Names& names, double draw) {
  return names[std::min(static_cast<std::size_t>(draw * names.size()), names.size() - 1)];
}

double rounded(double value, double digits) { return std::round(value * digits) / digits; }

}  // namespace

Traffic::Traffic(std::uint64_t seed, BadRelease bad_release)
    : seed_(seed), bad_release_(bad_release), random_(seed) {}

const char* Traffic::bad_prompt() { return kPrompts[0].name; }
const char* Traffic::bad_version() { return kBadVersion; }

double Traffic::intensity(TimeMs time) {
  constexpr double kPi = 3.14159265358979323846;
  const double hour = static_cast<double>((time % kDayMs + kDayMs) % kDayMs) / kHourMs;
  return 0.65 + 0.35 * std::cos((hour - 14) / 24 * 2 * kPi);
}

std::string Traffic::next(TimeMs time) {
  const Prompt& prompt = pick(kPrompts, uniform());
  const Model& model = pick(kModels, uniform());
  const bool bad =
      &prompt == &kPrompts.front() && time >= bad_release_.from_ms && time < bad_release_.to_ms;
  const bool success = chance(bad ? prompt.success - 0.22 : prompt.success);
  const double duration =
      prompt.duration_ms * model.speed * (bad ? 2.6 : 1) * std::exp(normal(0, 0.45));
  const auto input = std::floor(prompt.input_tokens * std::exp(normal(0, 0.35))) + 1;
  const auto output = std::floor(prompt.output_tokens * std::exp(normal(0, 0.4))) + 1;
  const bool old = time < bad_release_.from_ms / kDayMs * kDayMs;

  Json event;
  event["id"] =
      "demo-" + std::to_string(seed_) + "-" + std::to_string(time) + "-" + std::to_string(made_++);
  event["time"] = time;
  event["prompt"] = prompt.name;
  event["version"] = bad ? kBadVersion : old ? prompt.old_version : prompt.version;
  event["model"] = model.name;
  event["provider"] = model.provider;
  event["environment"] = chance(0.9) ? "production" : "staging";
  event["status"] = success ? "success" : "error";
  if (!success) {
    const bool recovered = chance(bad ? 0.2 : 0.55);
    event["error"] = {{"type", bad ? "invalid_output" : pick_name(kErrors, uniform())},
                      {"detected", chance(0.93)},
                      {"recovered", recovered}};
    if (!recovered) event["error"]["degraded"] = chance(0.6);
  }
  event["duration_ms"] = rounded(duration, 10);
  event["time_to_first_token_ms"] = rounded(duration * (0.08 + 0.08 * uniform()), 10);
  event["cost_usd"] = rounded((input * model.input_price + output * model.output_price) / 1e6, 1e6);
  event["input_tokens"] = static_cast<std::int64_t>(input);
  event["output_tokens"] = static_cast<std::int64_t>(output);
  event["iterations"] = chance(bad ? 0.45 : 0.86) ? 1 : 2 + static_cast<int>(uniform() * 2);
  const double quality = prompt.quality - (bad ? 2.1 : 0);
  for (const char* dimension : {"clarity", "accuracy", "completeness", "relevance"}) {
    event["quality"][dimension] = rounded(std::clamp(normal(quality, 0.7), 0.0, 10.0), 10);
  }
  if (chance(0.18)) {
    const double rating = std::clamp(normal(prompt.rating - (bad ? 1.3 : 0), 0.7), 1.0, 5.0);
    event["feedback"] = {{"rating", std::round(rating)},
                         {"sentiment", rounded(std::clamp((rating - 3) / 2, -1.0, 1.0), 100)}};
  }
  event["resources"] = {{"cpu_ms", rounded(duration * 0.04, 10)},
                        {"memory_bytes", 40'000'000 + static_cast<std::int64_t>(uniform() * 2e7)},
                        {"network_bytes", static_cast<std::int64_t>((input + output) * 5)}};
  // Few users come often, many seldom.
  const auto user = static_cast<std::int64_t>(std::pow(uniform(), 2.5) * 1'500);
  event["user"] = "user-" + std::to_string(user);
  event["session"] = "session-" + std::to_string(user) + "-" + std::to_string(time / kHourMs);
  event["parameters"] = {{"temperature", chance(0.7) ? 0.2 : 0.7}};
  event["tags"] = {{"synthetic", "true"}, {"region", pick_name(kRegions, uniform())}};
  return event.dump();
}

std::vector<TimeMs> spread(std::uint64_t count, TimeMs from_ms, TimeMs to_ms, std::uint64_t seed) {
  // Inverse transform over the cumulated intensity of one-minute slices, one draw per stratum.
  constexpr TimeMs kSliceMs = 60'000;
  std::vector<double> cumulated{0};
  for (TimeMs slice = from_ms; slice < to_ms; slice += kSliceMs) {
    const auto part = static_cast<double>(std::min(kSliceMs, to_ms - slice)) / kSliceMs;
    cumulated.push_back(cumulated.back() + Traffic::intensity(slice) * part);
  }
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform;
  std::vector<TimeMs> times;
  times.reserve(count);
  std::size_t slice = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double target =
        (static_cast<double>(i) + uniform(random)) / static_cast<double>(count) * cumulated.back();
    while (slice + 2 < cumulated.size() && cumulated[slice + 1] <= target) ++slice;
    const double within = (target - cumulated[slice]) / (cumulated[slice + 1] - cumulated[slice]);
    const TimeMs start = from_ms + static_cast<TimeMs>(slice) * kSliceMs;
    const TimeMs length = std::min(kSliceMs, to_ms - start);
    times.push_back(
        start + std::min(length - 1, static_cast<TimeMs>(within * static_cast<double>(length))));
  }
  return times;
}

}  // namespace vitals::cli
