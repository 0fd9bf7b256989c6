#pragma once

#include <vitals/base/result.h>
#include <vitals/config/config.h>

namespace vitals::app {

/// What loading cannot tell and a start or a reload would refuse: rules whose metric or templates
/// do not exist, receivers that cannot be told.
Status check(const config::Config& config);

}  // namespace vitals::app
