#include <cstdlib>

#include <fmt/format.h>

#include <vitals/base/time_text.h>
#include <vitals/pipeline/health.h>

namespace vitals::pipeline {
namespace {

constexpr std::int64_t kToldForUs = 5LL * 60 * 1'000'000;
constexpr double kQueueShareMax = 0.9;

std::string spine_trouble(const Observation& seen) {
  if (seen.queue_share < kQueueShareMax) return "";
  return fmt::format("{:.0f} % of the room for events that wait is taken", seen.queue_share * 100);
}

std::string outbox_trouble(const Observation& seen, DurationMs wait_max_ms) {
  std::string why;
  for (const Observation::Receiver& receiver : seen.receivers) {
    const DurationMs waits_ms = receiver.oldest_at == 0 ? 0 : seen.now - receiver.oldest_at;
    if (waits_ms <= wait_max_ms) continue;
    why += why.empty() ? "" : "; ";
    why += fmt::format("receiver '{}' {}, oldest notification waits for {}", receiver.name,
                       receiver.paused ? "fails again and again" : "does not keep up",
                       format_duration(waits_ms / 1'000 * 1'000));
  }
  return why;
}

std::string disk_trouble(const Observation& seen, std::uint64_t free_min_bytes) {
  if (!seen.disk_free_bytes || *seen.disk_free_bytes >= free_min_bytes) return "";
  const auto mebibytes = [](std::uint64_t bytes) { return bytes >> 20U; };
  return fmt::format("{} MiB are free where the data folder is, fewer than {} MiB",
                     mebibytes(*seen.disk_free_bytes), mebibytes(free_min_bytes));
}

}  // namespace

std::map<std::string, std::string> HealthMonitor::check(const Observation& seen) {
  if (last_) {
    note_stall(seen);
    note_jump(seen);
  }
  last_ = seen;
  std::map<std::string, std::string> unwell;
  const auto say = [&unwell](const char* component, const std::string& why) {
    if (!why.empty()) unwell.emplace(component, why);
  };
  if (!seen.storing) say("store", "it refuses commits");
  say("spine", spine_trouble(seen));
  if (seen.monotonic_us < stall_.until_us) say("spine", stall_.why);
  // By a clock that was set since, waits look longer than they are.
  const bool clock_was_set = seen.monotonic_us < jump_.until_us;
  if (!clock_was_set) say("outbox", outbox_trouble(seen, options_.delivery_wait_max_ms));
  say("disk", disk_trouble(seen, options_.disk_free_min_bytes));
  if (clock_was_set) say("clock", jump_.why);
  return unwell;
}

void HealthMonitor::note_stall(const Observation& seen) {
  const DurationMs pause_ms = (seen.monotonic_us - last_->monotonic_us) / 1'000;
  if (pause_ms <= options_.stall_max_ms) return;
  stall_ = {seen.monotonic_us + kToldForUs,
            "it did not turn for " + format_duration(pause_ms / 1'000 * 1'000)};
}

void HealthMonitor::note_jump(const Observation& seen) {
  const DurationMs steady_ms = (seen.monotonic_us - last_->monotonic_us) / 1'000;
  const DurationMs jump_ms = seen.now - last_->now - steady_ms;
  if (std::abs(jump_ms) <= options_.clock_jump_max_ms) return;
  jump_ = {seen.monotonic_us + kToldForUs,
           "the host's clock was set " + std::string(jump_ms < 0 ? "back" : "ahead") + " by " +
               format_duration(std::abs(jump_ms) / 1'000 * 1'000)};
}

}  // namespace vitals::pipeline
