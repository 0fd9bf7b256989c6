#include "lanes.h"

#include <algorithm>
#include <utility>

namespace vitals::notify {
namespace {

telemetry::Counter& counter(telemetry::Registry& telemetry, const std::string& receiver,
                            const char* outcome) {
  return telemetry.counter("vitals_notification_attempts_total",
                           "Tries to deliver a notification; dead ones were given up.",
                           {{"receiver", receiver}, {"outcome", outcome}});
}

}  // namespace

void Lanes::assign(const std::string& name) {
  if (places_.count(name) != 0) return;
  const ReceiverCounters counters{counter(telemetry_, name, "delivered"),
                                  counter(telemetry_, name, "failed"),
                                  counter(telemetry_, name, "dead")};
  places_.emplace(name, Place{places_.size() % plans_.size(), counters});
}

void Lanes::configure(Options options, const std::vector<std::string>& leftover) {
  options_ = std::make_shared<const Options>(std::move(options));
  for (const Receiver& receiver : options_->receivers) assign(receiver.name);
  for (const std::string& name : leftover) assign(name);

  std::vector<LanePlan> plans(plans_.size());
  for (const auto& [name, place] : places_) {
    const auto& receivers = options_->receivers;
    const auto found = std::find_if(receivers.begin(), receivers.end(),
                                    [&, &n = name](const Receiver& r) { return r.name == n; });
    const Receiver* receiver = found == receivers.end() ? nullptr : &*found;
    plans[place.lane].entries.push_back({name, receiver, place.counters});
  }
  for (std::size_t lane = 0; lane < plans.size(); ++lane) {
    plans[lane].options = options_;
    plans_[lane] = std::make_shared<const LanePlan>(std::move(plans[lane]));
  }
}

}  // namespace vitals::notify
