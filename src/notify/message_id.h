#pragma once

#include <string>
#include <vector>

#include "row.h"

namespace vitals::notify {

/// The id of a message that tells several rows: the first one's, and a digest of all.
std::string message_id(const std::vector<Row>& rows);

}  // namespace vitals::notify
