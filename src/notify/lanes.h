#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <vitals/notify/receiver.h>
#include <vitals/telemetry/registry.h>

namespace vitals::notify {

/// Our own measurements of one receiver.
struct ReceiverCounters {
  telemetry::Counter& delivered;
  telemetry::Counter& failed;  ///< tries
  telemetry::Counter& dead;
};

/// What one lane works from during one round. Immutable.
struct LanePlan {
  struct Entry {
    std::string name;
    const Receiver* receiver;  ///< null when it is gone: its rows are buried
    ReceiverCounters counters;
  };
  std::shared_ptr<const Options> options;  ///< owns the receivers
  std::vector<Entry> entries;
};

/// Which receivers there are and which lane serves each. A name keeps its lane for as long as the
/// process lives, whatever is reloaded, so that two lanes never serve one receiver. Not
/// thread-safe.
class Lanes {
 public:
  Lanes(std::size_t count, telemetry::Registry& telemetry) : plans_(count), telemetry_(telemetry) {}

  /// `leftover`: names with rows in the outbox that may not be configured any more.
  void configure(Options options, const std::vector<std::string>& leftover);

  std::shared_ptr<const Options> options() const { return options_; }
  std::shared_ptr<const LanePlan> plan(std::size_t lane) const { return plans_[lane]; }

 private:
  struct Place {
    std::size_t lane;
    ReceiverCounters counters;
  };
  void assign(const std::string& name);

  std::shared_ptr<const Options> options_;
  std::vector<std::shared_ptr<const LanePlan>> plans_;
  std::map<std::string, Place> places_;
  telemetry::Registry& telemetry_;
};

}  // namespace vitals::notify
