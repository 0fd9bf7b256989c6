#pragma once

#include <span>

#include <vitals/base/result.h>
#include <vitals/pipeline/maintenance.h>
#include <vitals/pipeline/revision.h>

namespace vitals::pipeline {

/// Adds assessments to rows of the log, which then count with what all evaluators say together, and
/// marks the days whose cells are to be made anew; a commit for every few blocks. What cells were
/// made from may be revised only. Maintenance thread only.
Result<Revisions> revise(const MaintenanceParts& parts, std::span<const Revision> revisions);

}  // namespace vitals::pipeline
