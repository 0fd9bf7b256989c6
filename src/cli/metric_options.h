#pragma once

#include <optional>
#include <string>

#include <vitals/base/result.h>
#include <vitals/config/config.h>

namespace vitals::cli {

/// Weights and budgets of metrics as a configuration file has them; the defaults without one.
inline Result<metrics::Options> metric_options(const std::string& config_file) {
  if (config_file.empty()) return metrics::Options{};
  const auto config = config::load(config_file);
  if (!config) return config.error();
  return config->metrics;
}

}  // namespace vitals::cli
