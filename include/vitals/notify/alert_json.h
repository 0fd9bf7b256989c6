#pragma once

#include <string>
#include <string_view>

#include <vitals/base/result.h>
#include <vitals/model/alert.h>

namespace vitals::notify {

/// An alert as the bytes in which it is stored and waits to be told (JSON, docs/formats/alert.md),
/// and back. Errors: corruption.
std::string encode(const model::Alert& alert);
Result<model::Alert> decode_alert(std::string_view bytes);

}  // namespace vitals::notify
