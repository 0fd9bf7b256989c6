#pragma once

#include "../prompt.h"

namespace vitals::text {

/// Whether an instruction has a number or words of a limit (only, at most, in one sentence …),
/// outside of its label.
bool sets_limit(const Prompt& prompt, const Statement& statement);

}  // namespace vitals::text
