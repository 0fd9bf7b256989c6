#pragma once

#include <string>

#include "key_ring.h"

namespace vitals::registry {

/// A new key from the system's random source. Error: io.
Result<Pseudonyms::Key> new_key();

/// The keys in `path`. Errors: invalid_argument when they are damaged, are in no plain file or
/// open to others; not_found; io.
Result<KeyRing> read_keys(const std::string& path);

/// The same, of a new key where there is no file: mode 0600, complete or not there at all, synced.
/// Should two processes make it at the same moment, both get the same key.
Result<KeyRing> read_or_make_keys(const std::string& path, TimeMs now);

/// Replaces the file in one step, synced; where a link points to one, that. Error: io; the file may
/// have the new keys nevertheless when it could not be synced.
Status replace_keys(const std::string& path, const KeyRing& ring);

}  // namespace vitals::registry
