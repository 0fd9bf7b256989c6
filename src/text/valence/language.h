#pragma once

#include "tokens.h"

namespace vitals::text::valence {

/// Whether frequent words of German, French, Spanish, Italian, Portuguese or Dutch outnumber those
/// of English. Words of these that look like rated English ones ("war", "sin", "mal") would turn
/// praise into blame. Short texts of one unknown word are none of these.
bool is_foreign(const Tokens& tokens);

}  // namespace vitals::text::valence
