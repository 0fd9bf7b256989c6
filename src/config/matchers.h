#pragma once

#include <string_view>
#include <vector>

#include <vitals/model/filter.h>

#include "section.h"

namespace vitals::config {

/// A list of conditions on labels (model/matcher.h); none when the key is absent.
void read_matchers(Section& section, std::string_view key, std::vector<model::Filter>& out);

/// A list of filters of executions (model/filter.h), likewise.
void read_filters(Section& section, std::string_view key, std::vector<model::Filter>& out);

}  // namespace vitals::config
