#pragma once

#include <nlohmann/json.hpp>

#include <vitals/base/result.h>
#include <vitals/model/alert.h>

namespace vitals::notify {

/// The alert in a document of docs/formats/alert.md. Errors: corruption; throws json::exception
/// where a member is missing or of another type.
Result<model::Alert> read_alert(const nlohmann::json& object);

}  // namespace vitals::notify
