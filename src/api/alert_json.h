#pragma once

#include <vitals/model/alert.h>

#include "answer.h"

namespace vitals::api {

/// An alert as the API shows it (schema Alert of the OpenAPI document).
Json alert_json(const model::Alert& alert);

}  // namespace vitals::api
