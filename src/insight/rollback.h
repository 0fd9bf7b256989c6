#pragma once

#include <string>

#include <vitals/query/engine.h>

#include "budget.h"

namespace vitals::insight {

/// Back from which version, and what is known of the prompt's others.
struct RollbackRequest {
  std::string prompt;
  std::string version;  ///< to be left
  TimeMs until_ms = 0;  ///< what came later says nothing: trouble had begun
};

/// The last version of the prompt, by its first execution, that came before the one to be left and
/// met its benchmarks: over its last seven days of use, within the last thirty, its success rate
/// rests on 30 executions and reached its target, and so did quality, efficiency and satisfaction,
/// each that rests on 30. "" when there is none, or time runs out.
std::string rollback_version(const query::Engine& engine, const RollbackRequest& request,
                             const Budget& budget);

}  // namespace vitals::insight
