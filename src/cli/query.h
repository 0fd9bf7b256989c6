#pragma once

#include <string>

#include "session.h"

namespace vitals::cli {

/// The path and query of GET /api/v1/metrics/{name}.
std::string query_path(const QueryArguments& arguments);

}  // namespace vitals::cli
