#pragma once

#include <string>

#include <vitals/registry/pseudonyms.h>

namespace vitals::registry {

/// The key in `path`, made first where there is none: mode 0600, complete or not there at all,
/// synced. Should two processes make it at the same moment, both get the same key.
/// Errors: invalid_argument when it has the wrong size, is no plain file, or is open to others; io.
Result<Pseudonyms::Key> read_or_make_key(const std::string& path);

}  // namespace vitals::registry
