#include "read_schedule.h"

#include <vector>

#include <vitals/base/nearest.h>

namespace vitals::config {
namespace {

void read_time(Section& section, std::string_view key, int& minute) {
  std::string text;
  section.text(key, text);
  if (text.empty()) return;
  if (const Result<int> parsed = model::parse_time_of_day(text)) {
    minute = *parsed;
  } else {
    section.problem(key, parsed.error().message);
  }
}

model::Schedule read_one(Section& section) {
  model::Schedule schedule;
  if (section.has("days")) {
    std::vector<std::string> days;
    section.texts("days", days);
    if (const auto parsed = model::parse_days(days)) {
      schedule.days = *parsed;
    } else {
      section.problem("days", parsed.error().message);
    }
  }
  read_time(section, "from", schedule.from_minute);
  read_time(section, "to", schedule.to_minute);
  if (schedule.from_minute == schedule.to_minute) section.problem("to", "is the same as from");
  std::string zone;
  section.text("time_zone", zone);
  if (!zone.empty()) {
    if (const Result<TimeZone> found = TimeZone::named(zone)) {
      schedule.time_zone = *found;
    } else {
      section.problem("time_zone", found.error().message);
    }
  }
  return schedule;
}

}  // namespace

Schedules read_schedules(Section& root) {
  Schedules schedules;
  root.named_sections("schedules", [&](const std::string& name, Section& section) {
    schedules.insert_or_assign(name, read_one(section));
  });
  return schedules;
}

void read_schedule(Section& section, std::string_view key, const Schedules& named,
                   std::optional<model::Schedule>& out) {
  if (!section.has(key)) return;
  if (!section.has_text(key)) {
    Section in_place = section.section(key);
    out = read_one(in_place);
    return;
  }
  std::string name;
  section.text(key, name);
  if (const auto found = named.find(name); found != named.end()) {
    out = found->second;
    return;
  }
  std::vector<std::string_view> names;
  for (const auto& schedule : named) names.push_back(schedule.first);
  const std::string_view near = nearest(name, names);
  section.problem(
      key, "there is no schedule '" + name + "'" +
               (near.empty() ? std::string() : "; did you mean '" + std::string(near) + "'?"));
}

}  // namespace vitals::config
