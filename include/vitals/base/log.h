#pragma once

#include <memory>
#include <string>

#include <spdlog/spdlog.h>

#include <vitals/base/result.h>

namespace vitals {

/// Where log lines go and how they look.
struct LogOptions {
  enum class Format { text, json };
  Format format = Format::text;
  std::string level = "info";  ///< trace, debug, info, warning, error
};

using Logger = std::shared_ptr<spdlog::logger>;

/// A thread-safe logger on standard output (journald adds time and host). Text lines carry a
/// syslog priority prefix (`<4>`) when `JOURNAL_STREAM` is set. JSON lines have `time level msg`.
Result<Logger> make_logger(const LogOptions& options);

/// A logger that drops everything, for tests and tools.
Logger quiet_logger();

}  // namespace vitals
