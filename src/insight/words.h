#pragma once

#include <string>

#include <vitals/base/clock.h>

namespace vitals::insight {

/// As in "in the last …": `5 minutes`, `hour`, `90 seconds`.
std::string spoken(DurationMs duration);

}  // namespace vitals::insight
