#include "client.h"

#include <algorithm>

#include <vitals/base/clock.h>

namespace vitals::property {

std::vector<Event> Client::batch(TimeMs now) {
  std::vector<Event> events;
  if (sent_.empty() || !dice_.one_in(4)) events = new_events(now);
  if (!sent_.empty() && dice_.one_in(2)) {
    const std::vector<Event> again = resent();
    events.insert(events.end(), again.begin(), again.end());
  }
  if (dice_.one_in(3)) std::shuffle(events.begin(), events.end(), dice_.random);
  if (!events.empty() && dice_.one_in(8)) events.push_back(dice_.pick(events));
  return events;
}

std::vector<Event> Client::new_events(TimeMs now) {
  const std::uint64_t kind = dice_.below(std::uint64_t{10});
  std::vector<Event> events;
  for (std::uint64_t n = 1 + dice_.below(std::uint64_t{dice_.one_in(6) ? 60U : 12U}); n > 0; --n) {
    TimeMs time = now - dice_.below(kMinuteMs);
    if (kind == 5) time = now - dice_.below(3 * kHourMs);
    if (kind == 6) time = now - dice_.below(5 * kDayMs);
    if (kind == 7) time = now - dice_.below(370 * kDayMs);
    if (kind == 8) time = now - 364 * kDayMs + dice_.below(kHourMs);
    if (kind == 9) time = now + dice_.below(dice_.one_in(3) ? 2 * kDayMs : 10 * kMinuteMs);
    if (dice_.one_in(5)) time -= time % (dice_.one_in(2) ? kHourMs : kMinuteMs);  // on a boundary
    events.push_back(new_event(time));
  }
  sent_.insert(sent_.end(), events.begin(), events.end());
  return events;
}

Event Client::new_event(TimeMs time_ms) {
  Event event;
  event.time_ms = time_ms;
  event.id = "id-" + std::to_string(sent_.size()) + '-' + std::to_string(dice_.random());
  event.prompt = "p" + std::to_string(dice_.below(std::uint64_t{5}));
  event.version = dice_.pick<std::string>({"v1", "v2", ""});
  event.model = dice_.pick<std::string>({"large", "small"});
  event.region = dice_.pick<std::string>({"eu", "us", ""});
  event.user = dice_.one_in(4) ? "" : "u" + std::to_string(dice_.below(std::uint64_t{12}));
  event.success = dice_.pick<model::Tri>({model::Tri::yes, model::Tri::no, model::Tri::unknown});
  if (!dice_.one_in(5)) event.duration_ms = static_cast<double>(dice_.below(kHourMs));
  if (dice_.one_in(3)) event.rating = static_cast<double>(1 + dice_.below(std::uint64_t{5}));
  return event;
}

std::vector<Event> Client::resent() {
  // Mostly what was sent last.
  const std::size_t reach =
      dice_.one_in(3) ? sent_.size() : std::min<std::size_t>(sent_.size(), 30);
  const std::size_t begin = sent_.size() - 1 - dice_.below(std::uint64_t{reach});
  const std::size_t end = std::min(sent_.size(), begin + 1 + dice_.below(std::uint64_t{20}));
  std::vector<Event> events(sent_.begin() + static_cast<std::ptrdiff_t>(begin),
                            sent_.begin() + static_cast<std::ptrdiff_t>(end));
  if (dice_.one_in(3)) {  // only some of them
    std::erase_if(events, [this](const Event&) { return dice_.one_in(2); });
  }
  return events;
}

}  // namespace vitals::property
