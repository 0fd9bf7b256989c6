#include "heartbeats.h"

#include <algorithm>

#include "even_clock.h"

namespace vitals::notify {
namespace {
constexpr DurationMs kSilenceMaxMs = 15'000;
constexpr DurationMs kLookAgainMs = 1'000;
/// A longer time between two signs of life was a stall, and no measure of the next.
constexpr DurationMs kBetweenMaxMs = 60'000;
}  // namespace

void Heartbeats::use(std::shared_ptr<const Plan> plan) {
  plan_ = std::move(plan);
  for (const Heartbeat& heartbeat : plan_->options.heartbeats) {
    const std::string& receiver = heartbeat.receiver;
    if (beats_.count(receiver) != 0) continue;
    const Beat beat{&counter(receiver, "delivered"), &counter(receiver, "failed"), 0, {}, false};
    beats_.emplace(receiver, beat);
  }
}

void Heartbeats::alive(TimeMs now) {
  const TimeMs before = alive_at_.exchange(now);
  between_ms_ = before == 0 ? 0 : std::min(now - before, kBetweenMaxMs);
}

bool Heartbeats::well(TimeMs now) const {
  return alive_at_ != 0 && now - alive_at_ <= std::max(kSilenceMaxMs, 3 * between_ms_);
}

TimeMs Heartbeats::run(TimeMs now, net::Calls& calls, std::uint64_t& next_number) {
  TimeMs next = kNever;
  for (const Heartbeat& heartbeat : plan_->options.heartbeats) {
    Beat& beat = beats_.at(heartbeat.receiver);
    if (beat.under_way) continue;
    // The clock may have been set back.
    beat.due_at = std::min(beat.due_at, now + heartbeat.every_ms);
    const Destination* const to = plan_->find(heartbeat.receiver);
    if (to == nullptr) continue;
    if (beat.due_at <= now && !well(now)) {
      next = std::min(next, now + kLookAgainMs);
      continue;
    }
    if (beat.due_at <= now) {
      beat.due_at = now + heartbeat.every_ms;
      if (const auto request = to->channel->heartbeat(now)) {
        beat.under_way = next_number++;
        calls.start(*beat.under_way, *request);
        continue;
      }
      beat.failed->add();
    }
    next = std::min(next, beat.due_at);
  }
  return next;
}

bool Heartbeats::take(const net::Calls::Answered& answered, TimeMs now) {
  for (auto& [receiver, beat] : beats_) {
    if (beat.under_way != answered.number) continue;
    beat.under_way.reset();
    const Destination* const to = plan_->find(receiver);
    if (to == nullptr) return true;
    const Attempt attempt = to->channel->judge(answered.answer, now);
    const bool failed = attempt.verdict != Attempt::Verdict::delivered;
    (failed ? beat.failed : beat.delivered)->add();
    if (failed && !beat.failing) {
      logger_->warn("heartbeat to '{}' failed: {}", receiver, attempt.error);
    }
    beat.failing = failed;
    return true;
  }
  return false;
}

telemetry::Counter& Heartbeats::counter(const std::string& receiver, const char* outcome) {
  return telemetry_.counter("vitals_heartbeats_total", "Signs of life sent to those who miss them.",
                            {{"receiver", receiver}, {"outcome", outcome}});
}

}  // namespace vitals::notify
