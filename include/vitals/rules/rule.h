#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/alert.h>
#include <vitals/model/filter.h>

namespace vitals::rules {

enum class Comparison : std::uint8_t { below, above };

/// One alert rule, as a rule file states it. A plain value.
struct Rule {
  std::string name;    ///< unique
  std::string metric;  ///< of the catalogue; "" for a rule of absence
  metrics::Stat stat;
  Comparison comparison = Comparison::below;
  double threshold = 0;
  DurationMs absent_ms = 0;  ///< > 0: fires when no event came for this long; no metric then
  /// Rates (throughput, stat rate) are per second of the whole of it, although up to its oldest
  /// sixtieth may not be counted any more (see Windows).
  DurationMs window_ms = 300'000;
  DurationMs for_ms = 0;  ///< must hold this long before it fires
  std::uint64_t min_samples = 1;
  std::vector<model::Filter> filters;
  std::vector<std::string> group_by;
  model::Severity severity = model::Severity::warning;
  std::map<std::string, std::string> labels;  ///< added to every alert: tier, team, …
  /// summary, description, runbook_url, …; may use {{value}} {{threshold}} {{unit}} {{samples}}
  /// {{window}} {{since}} {{rule}} {{metric}} {{severity}} and {{labels.NAME}}.
  std::map<std::string, std::string> annotations;
  std::string source;  ///< file:line, for messages
};

}  // namespace vitals::rules
