#pragma once

#include <cstddef>

#include <vitals/model/batch.h>

#include "answer.h"

namespace vitals::api {

/// One execution in the shape in which it was posted; users and sessions as pseudonyms.
Json execution_json(const model::ExecutionBatch& batch, std::size_t row);

}  // namespace vitals::api
