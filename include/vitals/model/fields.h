#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace vitals::model {

/// Text attributes of an execution that are dictionary-encoded columns.
enum class Label : std::uint8_t {
  prompt,
  version,
  model,
  provider,
  environment,
  error_type,
  user,     ///< pseudonym, never the name that was sent
  session,  ///< pseudonym
};
inline constexpr std::size_t kLabelCount = 8;

/// Numeric attributes of an execution. Absent is NaN.
enum class Number : std::uint8_t {
  duration_ms,
  time_to_first_token_ms,
  cost_usd,
  input_tokens,
  output_tokens,
  iterations,
  clarity,
  accuracy,
  completeness,
  relevance,
  overall,
  rating,
  sentiment,
  cpu_ms,
  memory_bytes,
  network_bytes,
  language_specificity,
  instruction_precision,
  context_completeness,
  redundancy,
  information_density,
  logical_flow,
  hierarchy_clarity,
  section_organization,
};
inline constexpr std::size_t kNumberCount = 24;

inline constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

/// How a label is called: in queries and answers, and in the event (`object.key`).
struct LabelField {
  Label label;
  std::string_view name;  ///< `error.type`
};

/// How a number is called and what it may be.
struct NumberField {
  Number number;
  std::string_view name;    ///< in queries and metrics: `clarity`
  std::string_view object;  ///< the event's object that holds it, "" for the top level: `quality`
  double min;
  double max;
  bool integer;
};

inline constexpr std::array<LabelField, kLabelCount> kLabelFields{{
    {Label::prompt, "prompt"},
    {Label::version, "version"},
    {Label::model, "model"},
    {Label::provider, "provider"},
    {Label::environment, "environment"},
    {Label::error_type, "error.type"},
    {Label::user, "user"},
    {Label::session, "session"},
}};

/// Integers above 2^53 would lose digits in a double, so that is where they end.
inline constexpr double kIntegerMax = 9'007'199'254'740'992.0;

inline constexpr std::array<NumberField, kNumberCount> kNumberFields{{
    {Number::duration_ms, "duration_ms", "", 0, kIntegerMax, false},
    {Number::time_to_first_token_ms, "time_to_first_token_ms", "", 0, kIntegerMax, false},
    {Number::cost_usd, "cost_usd", "", 0, kIntegerMax, false},
    {Number::input_tokens, "input_tokens", "", 0, kIntegerMax, true},
    {Number::output_tokens, "output_tokens", "", 0, kIntegerMax, true},
    {Number::iterations, "iterations", "", 0, kIntegerMax, true},
    {Number::clarity, "clarity", "quality", 0, 10, false},
    {Number::accuracy, "accuracy", "quality", 0, 10, false},
    {Number::completeness, "completeness", "quality", 0, 10, false},
    {Number::relevance, "relevance", "quality", 0, 10, false},
    {Number::overall, "overall", "quality", 0, 10, false},
    {Number::rating, "rating", "feedback", 1, 5, false},
    {Number::sentiment, "sentiment", "feedback", -1, 1, false},
    {Number::cpu_ms, "cpu_ms", "resources", 0, kIntegerMax, false},
    {Number::memory_bytes, "memory_bytes", "resources", 0, kIntegerMax, false},
    {Number::network_bytes, "network_bytes", "resources", 0, kIntegerMax, false},
    {Number::language_specificity, "language_specificity", "traits", 0, 10, false},
    {Number::instruction_precision, "instruction_precision", "traits", 0, 10, false},
    {Number::context_completeness, "context_completeness", "traits", 0, 10, false},
    {Number::redundancy, "redundancy", "traits", 0, 1, false},
    {Number::information_density, "information_density", "traits", 0, 10, false},
    {Number::logical_flow, "logical_flow", "traits", 0, 10, false},
    {Number::hierarchy_clarity, "hierarchy_clarity", "traits", 0, 10, false},
    {Number::section_organization, "section_organization", "traits", 0, 10, false},
}};

constexpr std::size_t index(Label label) { return static_cast<std::size_t>(label); }
constexpr std::size_t index(Number number) { return static_cast<std::size_t>(number); }

constexpr std::optional<Label> find_label(std::string_view name) {
  for (const LabelField& field : kLabelFields) {
    if (field.name == name) return field.label;
  }
  return std::nullopt;
}

/// Limits of one event, as the HTTP contract states them.
inline constexpr std::size_t kIdBytesMax = 128;
inline constexpr std::size_t kLabelBytesMax = 256;
inline constexpr std::size_t kTagsMax = 32;

}  // namespace vitals::model
