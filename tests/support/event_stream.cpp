#include "support/event_stream.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/hash.h>

namespace vitals::test {
namespace {

using model::index;
using model::Label;
using model::Number;

constexpr int kPrompts = 200;
constexpr std::uint64_t kUsers = 5'000;
constexpr std::uint64_t kSessions = 50'000;
constexpr std::array<std::string_view, 8> kModels{
    "gpt-4o",        "gpt-4o-mini",   "claude-sonnet-4", "claude-haiku-4",
    "llama-3.3-70b", "mistral-large", "gemini-2.0-pro",  "qwen-2.5-72b"};
constexpr std::array<std::string_view, 5> kErrors{"timeout", "rate_limit", "invalid_output",
                                                  "tool_failure", "content_filter"};
constexpr std::array<std::string_view, 3> kRegions{"eu-west-1", "us-east-1", "ap-south-1"};
constexpr std::array<std::string_view, 5> kTeams{"growth", "search", "support", "billing", "risk"};

double rounded(double value, double power) { return std::round(value * power) / power; }

std::string hex(std::uint64_t number, int digits) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%0*llx", digits,
                static_cast<unsigned long long>(number));
  return text.data();
}

std::string pair(std::string_view key, std::string_view value) {
  return std::string(key) + '\0' + std::string(value);
}

}  // namespace

EventStream::EventStream(std::uint64_t seed, TimeMs start_ms, DurationMs step_ms)
    : random_(seed), time_ms_(start_ms), step_ms_(step_ms) {
  std::vector<double> weights;
  for (int i = 0; i < kPrompts; ++i) weights.push_back(1.0 / (i + 1));
  prompts_ = std::discrete_distribution<int>(weights.begin(), weights.end());
}

void EventStream::add_row(model::ExecutionBatch& batch) {
  const auto below = [this](std::uint64_t n) { return random_() % n; };
  const auto chance = [&](double p) { return static_cast<double>(below(1'000'000)) < p * 1e6; };
  const auto gauss = [this](double mean, double deviation) {
    return std::normal_distribution<double>(mean, deviation)(random_);
  };
  const auto symbol = [&batch](Label label, std::string_view text) {
    batch[label].codes.push_back(batch[label].dictionary.intern(text));
  };
  const auto number = [&batch](Number which, double value) {
    batch.numbers[index(which)].push_back(value);
  };

  batch.time_ms.push_back(time_ms_);
  time_ms_ += step_ms_;
  batch.ids.push_back("0001-" + hex(count_++, 12) + "-" + hex(below(1ULL << 32U), 8));

  const int prompt = prompts_(random_);
  const auto team = kTeams[static_cast<std::size_t>(prompt % 5)];
  symbol(Label::prompt, "team." + std::string(team) + ".prompt-" + std::to_string(prompt));
  symbol(Label::version, "v" + std::to_string(1 + count_ / 150'000 % 9));
  symbol(Label::model, kModels[(static_cast<std::size_t>(prompt) * 5 + below(2)) % kModels.size()]);
  symbol(Label::environment, chance(0.1) ? "staging" : "production");
  const bool error = chance(0.04);
  symbol(Label::error_type, error ? kErrors[below(5)] : std::string_view());
  symbol(Label::user, hex(hash64("u" + std::to_string(below(kUsers))), 16));
  symbol(Label::session, hex(hash64("s" + std::to_string(below(kSessions))), 16));

  model::Outcome outcome;
  outcome.success = error ? model::Tri::no : model::Tri::yes;
  if (error) {
    outcome.detected = model::Tri::yes;
    outcome.recovered = chance(0.5) ? model::Tri::yes : model::Tri::no;
  }
  batch.outcome.push_back(outcome.packed());

  const double duration = rounded(std::exp(gauss(7.6, 0.7)), 10);
  const double input = std::floor(std::exp(gauss(6.5, 0.8)));
  const double output = std::floor(std::exp(gauss(5.4, 0.7)));
  number(Number::duration_ms, duration);
  number(Number::time_to_first_token_ms, rounded(duration * 0.15, 10));
  number(Number::input_tokens, input);
  number(Number::output_tokens, output);
  number(Number::iterations, chance(0.8) ? 1 : static_cast<double>(2 + below(3)));
  for (const Number quality :
       {Number::clarity, Number::accuracy, Number::completeness, Number::relevance}) {
    number(quality, rounded(std::clamp(gauss(8.6, 0.8), 0.0, 10.0), 10));
  }
  const bool rated = chance(0.2);
  number(Number::rating, rated ? static_cast<double>(3 + below(3)) : model::kAbsent);
  number(Number::sentiment,
         rated ? rounded(-0.2 + static_cast<double>(below(111)) / 100, 100) : model::kAbsent);
  number(Number::cpu_ms, rounded(duration * 0.05, 10));
  number(Number::memory_bytes, static_cast<double>(40'000'000 + below(9'000'000)));
  number(Number::network_bytes, (input + output) * 6);

  model::AttributeColumn& tags = batch.attributes;
  tags.codes.push_back(tags.pairs.intern(pair("tags.region", kRegions[below(3)])));
  tags.codes.push_back(tags.pairs.intern(pair("tags.team", team)));
  tags.ends.push_back(static_cast<std::uint32_t>(tags.codes.size()));
}

model::ExecutionBatch EventStream::next(std::size_t rows) {
  model::ExecutionBatch batch;
  for (std::size_t i = 0; i < rows; ++i) add_row(batch);
  return batch;
}

}  // namespace vitals::test
