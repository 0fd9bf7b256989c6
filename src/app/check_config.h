#pragma once

#include <vitals/base/result.h>
#include <vitals/config/config.h>

namespace vitals::app {

/// What loading cannot tell: whether every rule's metric and templates exist.
Status check_rules(const config::Config& config);

}  // namespace vitals::app
