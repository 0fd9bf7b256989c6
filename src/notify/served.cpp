#include "served.h"

#include <algorithm>

namespace vitals::notify {
namespace {

telemetry::Counter& tries(telemetry::Registry& telemetry, const std::string& receiver,
                          const char* outcome) {
  return telemetry.counter("vitals_notification_attempts_total",
                           "Tries to deliver a notification; dead ones were given up.",
                           {{"receiver", receiver}, {"outcome", outcome}});
}

}  // namespace

Served::Served(const std::string& name, telemetry::Registry& telemetry)
    : delivered_(tries(telemetry, name, "delivered")),
      failed_(tries(telemetry, name, "failed")),
      dead_(tries(telemetry, name, "dead")),
      waiting_(telemetry.gauge("vitals_notifications_waiting", "Notifications that wait.",
                               {{"receiver", name}})),
      oldest_(telemetry.gauge("vitals_notification_oldest_waiting_seconds",
                              "How long the oldest notification has waited.",
                              {{"receiver", name}})),
      open_(telemetry.gauge("vitals_receiver_circuit_open",
                            "1 while the receiver is spared, as it gives no good answer.",
                            {{"receiver", name}})) {}

void Served::delivered(TimeMs now) {
  delivered_.add();
  last_success_at_ = now;
}

void Served::failed(TimeMs now, const std::string& error) {
  failed_.add();
  last_error_at_ = now;
  last_error_ = error;
}

ReceiverState Served::state() const {
  ReceiverState state;
  if (circuit.probing()) {
    state.circuit = ReceiverState::Circuit::half_open;
  } else if (!circuit.closed()) {
    state.circuit = ReceiverState::Circuit::open;
    state.opens_at = circuit.open_until();
  }
  state.waiting = queue.waiting();
  state.oldest_at = state.waiting == 0 ? 0 : queue.oldest();
  state.last_success_at = last_success_at_;
  state.last_error_at = last_error_at_;
  state.last_error = last_error_;
  return state;
}

void Served::publish(TimeMs now) {
  const std::size_t waiting = queue.waiting();
  waiting_.set(static_cast<double>(waiting));
  const DurationMs age_ms = waiting == 0 ? 0 : std::max<DurationMs>(now - queue.oldest(), 0);
  oldest_.set(static_cast<double>(age_ms) / 1000);
  open_.set(circuit.closed() ? 0 : 1);
}

}  // namespace vitals::notify
