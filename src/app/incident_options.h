#pragma once

#include <vitals/base/clock.h>
#include <vitals/config/config.h>
#include <vitals/rules/incidents.h>

namespace vitals::app {

/// Whom an alert is told to, and how often it can be escalated, is what its route says. The clock
/// must outlive what is returned.
rules::IncidentOptions incident_options(const config::Config& config, const Clock& clock);

}  // namespace vitals::app
