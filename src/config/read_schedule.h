#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <vitals/model/schedule.h>

#include "section.h"

namespace vitals::config {

using Schedules = std::map<std::string, model::Schedule>;

/// The named schedules of a file, from its key `schedules`.
Schedules read_schedules(Section& root);

/// The name of a schedule, or one in place; left alone when the key is absent.
void read_schedule(Section& section, std::string_view key, const Schedules& named,
                   std::optional<model::Schedule>& out);

}  // namespace vitals::config
