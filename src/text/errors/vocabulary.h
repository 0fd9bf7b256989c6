#pragma once

#include <string_view>

namespace vitals::text::errors {

/// Whether a word, in lower case, may stand in the template of an error message.
bool is_known_word(std::string_view word);

/// Whether it is among those that say what is wrong rather than how the sentence goes.
bool is_telling_word(std::string_view word);

}  // namespace vitals::text::errors
