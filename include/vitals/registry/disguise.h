#pragma once

#include <vitals/base/result.h>
#include <vitals/model/signal.h>
#include <vitals/registry/pseudonyms.h>

namespace vitals::registry {

/// A key for make_disguise(), from the system's random source. Whoever has it can try whether a
/// text is what became a disguised one, so it must not outlive the texts. Error: io.
Result<Pseudonyms::Key> make_disguise_key();

/// Disguises texts by HMAC-SHA-256 with this key: 128 bits, as 32 hexadecimal digits.
model::Disguise make_disguise(const Pseudonyms::Key& key);

}  // namespace vitals::registry
