#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/config/config.h>

namespace vitals::app {

/// The whole daemon in one object: made, it serves; destroyed, it has drained and stopped.
class Daemon {
 public:
  /// Opens the data folder, recovers, binds and starts every thread. The clock must outlive it.
  /// `load_again` reads the configuration anew for a reload.
  static Result<std::unique_ptr<Daemon>> start(const config::Config& config, const Clock& clock,
                                               Logger logger,
                                               std::function<Result<config::Config>()> load_again);
  /// Stops taking requests, answers those in flight, saves, and joins the threads.
  ~Daemon();

  /// The bound port of the HTTP listener.
  std::uint16_t port() const;

  /// Takes over rules, receivers, routes, benchmarks and tokens from the configuration as it is
  /// now. On error nothing changes. Thread-safe.
  Status reload();

 private:
  struct Parts;
  explicit Daemon(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace vitals::app
