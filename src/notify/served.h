#pragma once

#include <cstddef>
#include <map>
#include <string>

#include <vitals/base/clock.h>
#include <vitals/notify/outbox.h>
#include <vitals/telemetry/registry.h>

#include "circuit.h"
#include "queue.h"

namespace vitals::notify {

/// One receiver as the courier sees it: who waits for it, and how it does.
class Served {
 public:
  Served(const std::string& name, telemetry::Registry& telemetry);

  Queue queue;
  Circuit circuit;
  RateLimit rate;
  std::size_t under_way = 0;  ///< calls

  void delivered(TimeMs now);
  void failed(TimeMs now, const std::string& error);
  void died() { dead_.add(); }

  ReceiverState state() const;
  void publish(TimeMs now);

 private:
  TimeMs last_success_at_ = 0;
  TimeMs last_error_at_ = 0;
  std::string last_error_;
  telemetry::Counter& delivered_;
  telemetry::Counter& failed_;
  telemetry::Counter& dead_;
  telemetry::Gauge& waiting_;
  telemetry::Gauge& oldest_;
  telemetry::Gauge& open_;
};

}  // namespace vitals::notify
