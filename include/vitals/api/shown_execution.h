#pragma once

#include <cstddef>
#include <string>

#include <vitals/model/batch.h>

namespace vitals::api {

/// One execution of a batch as evaluators are shown it: JSON in the shape of GET
/// /api/v1/executions, without user and session, and without what anybody says of it, which is not
/// to sway them. Thread-safe.
std::string shown_to_evaluators(const model::ExecutionBatch& batch, std::size_t row);

}  // namespace vitals::api
