#pragma once

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/config/config.h>
#include <vitals/registry/pseudonyms.h>

namespace vitals::app {

/// The keys of this installation. Error: invalid_argument also when the configured file is not
/// there but the data folder has one, as a restored one does: a new key would cut the installation
/// off from everybody's pseudonyms.
Result<registry::Pseudonyms> open_pseudonyms(const config::Config& config, TimeMs now);

}  // namespace vitals::app
