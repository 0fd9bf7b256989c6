#pragma once

#include <string>

#include <vitals/base/clock.h>
#include <vitals/insight/causes.h>

namespace vitals::insight {

/// As in "in the last …": `5 minutes`, `hour`, `90 seconds`.
std::string spoken(DurationMs duration);

/// `version v8: 92 % of the additional errors; it succeeds in 61 % against 97 % of the others`. ""
/// when nothing is explained.
std::string cause_text(const Causes& causes);

}  // namespace vitals::insight
